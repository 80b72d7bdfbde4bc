"""`flyctl version`."""

from __future__ import annotations

from fly.commands.command import Command, read


def show_version() -> Command:
    """The version of the flyctl on this machine; needs no token."""
    return read("other", "version", "--json", timeout_seconds=20)
