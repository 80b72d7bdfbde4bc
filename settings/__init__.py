"""What a stack is to run: typed, validated, with every problem reported at once. Knows no Pulumi and no cloud."""
