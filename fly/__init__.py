"""Fly.io through the real flyctl: pure command lines, one runner, typed facts, and the Pulumi provider on top."""
