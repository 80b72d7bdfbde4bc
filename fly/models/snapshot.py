"""A snapshot of a volume, as `flyctl volumes snapshots list --json` prints it (fly-go volume_types.go)."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel


class Snapshot(BaseModel):
    """One snapshot; while it is under way it has no id, and another status than `created`."""

    id: str = ""
    size: int = 0
    status: str = ""
    created_at: datetime | None = None

    @property
    def ready(self) -> bool:
        """Whether a volume can be made from it."""
        return bool(self.id) and self.status == "created"
