"""A volume as the last `pulumi up` left it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class VolumeBefore:
    """The volumes of one app at the end of the last `pulumi up`."""

    region: str
    size_gb: int
    count: int
