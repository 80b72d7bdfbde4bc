"""`flyctl volumes snapshots`."""

from __future__ import annotations

from fly.commands.command import Command, read, write


def create_snapshot(app: str, volume_id: str) -> Command:
    """A snapshot of a volume now; it is kept as long as the volume keeps its snapshots."""
    return write("volume", "volumes", "snapshots", "create", volume_id, "--app", app, "--json")


def list_snapshots(app: str, volume_id: str) -> Command:
    """The snapshots of a volume; one that is under way has no id yet. They outlive their volume."""
    return read("volume", "volumes", "snapshots", "list", volume_id, "--app", app, "--json")
