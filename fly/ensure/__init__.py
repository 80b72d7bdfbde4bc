"""Verbs that make something so: read, compare, act on the difference, and say why nothing was done when nothing was."""
