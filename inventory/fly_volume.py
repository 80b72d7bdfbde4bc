"""Volumes on Fly.io."""

from __future__ import annotations

from dataclasses import dataclass

from inventory.item import Item
from inventory.unknown import Unknown


@dataclass(frozen=True, kw_only=True)
class FlyVolume(Item):
    """All volumes of one name of an app in one region. Sizes in GB, each."""

    app: str | Unknown
    volume: str | Unknown
    """Its name at Fly.io."""
    region: str | Unknown
    size_gb: int | Unknown
    count: int | Unknown
    snapshot_days: int | Unknown
    scheduled_snapshots: bool | Unknown
    extends_to_gb: int | Unknown | None = None
    """How large each may grow by itself."""
