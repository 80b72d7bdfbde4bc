"""How a machine on Fly.io mounts its volume."""

from __future__ import annotations

from typing import Any

from settings.volume import Volume


def mount(volume: Volume) -> dict[str, Any]:
    """An entry of `[[mounts]]`."""
    found: dict[str, Any] = {
        "source": volume.name,
        "destination": volume.path,
        "initial_size": f"{volume.size_gb}gb",
        "snapshot_retention": volume.snapshot_days,
        "scheduled_snapshots": True,
    }
    if volume.extend:
        found["auto_extend_size_threshold"] = volume.extend.above_percent
        found["auto_extend_size_increment"] = f"{volume.extend.increment_gb}GB"
        found["auto_extend_size_limit"] = f"{volume.extend.limit_gb}GB"
    return found
