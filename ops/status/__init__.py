"""`status`: what runs of a stack, on both platforms, in one picture."""
