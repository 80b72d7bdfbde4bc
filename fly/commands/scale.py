"""`flyctl scale count`."""

from __future__ import annotations

from fly.commands.command import Command, write


def scale_count(app: str, count: int, *, region: str, group: str) -> Command:
    """Make a region hold exactly this many machines of a process group; other regions stay as they are."""
    return write(
        "app", "scale", "count", str(count), "--process-group", group, "--region", region, "--app", app, "--yes"
    )
