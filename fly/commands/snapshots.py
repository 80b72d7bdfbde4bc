"""`flyctl volumes snapshots`."""

from __future__ import annotations

from fly.commands.command import Command, write


def create_snapshot(app: str, volume_id: str) -> Command:
    """A snapshot of a volume now; it is kept as long as the volume keeps its snapshots."""
    return write("volume", "volumes", "snapshots", "create", volume_id, "--app", app, "--json")
