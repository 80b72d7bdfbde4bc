"""`flyctl scale`."""

from __future__ import annotations

from fly.commands.command import Command, write


def scale_count(app: str, count: int, *, region: str, group: str) -> Command:
    """Make a region hold exactly this many machines of a process group; other regions stay as they are."""
    return write(
        "app", "scale", "count", str(count), "--process-group", group, "--region", region, "--app", app, "--yes"
    )


def scale_vm(app: str, size: str, memory_mb: int, *, group: str, seconds: float) -> Command:
    """Give every machine of a process group another size; they are replaced one after the other."""
    return write(
        "app",
        *("scale", "vm", size, "--vm-memory", str(memory_mb)),
        *("--process-group", group, "--app", app),
        timeout_seconds=seconds,
    )
