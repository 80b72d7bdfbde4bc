"""Backups of systems: taken, listed, tried, brought back."""
