"""The command lines of flyctl, pulumi and doctl as data, and whether those that the docs show exist."""
