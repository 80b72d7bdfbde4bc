"""The volumes that a system has on Fly.io, by the app they belong to."""

from __future__ import annotations

from dataclasses import dataclass

from settings.problem import Path


@dataclass(frozen=True)
class VolumeOf:
    """The volumes of one app, and where the settings say so."""

    region: str
    size_gb: int
    count: int
    size_path: Path
    region_path: Path
    count_path: Path
