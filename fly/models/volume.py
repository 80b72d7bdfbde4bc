"""A volume, as `flyctl volumes list|create|extend|update --json` print it (fly-go volume_types.go)."""

from __future__ import annotations

from pydantic import BaseModel

GONE = ("destroyed", "destroying", "pending_destroy", "scheduling_destroy")


class Volume(BaseModel):
    """One volume; it lives on one host of one region and never moves."""

    id: str
    name: str
    state: str = ""
    size_gb: int
    region: str
    encrypted: bool = True
    snapshot_retention: int = 5
    auto_backup_enabled: bool = True
    attached_machine_id: str | None = None
