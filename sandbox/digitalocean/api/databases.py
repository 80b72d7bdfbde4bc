"""Managed database clusters: list, get, and their backups."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sandbox.digitalocean.api.pages import page
from sandbox.digitalocean.database_cluster import KIND, require_cluster
from sandbox.errors import CloudError
from sandbox.store import Document
from sandbox.vendor_api import Call

_BACKUPS_KEPT: Final = 7
"""Daily backups of seven days (DigitalOcean docs: managed databases, backups, 2026-08). Emulated clusters have them
from the start."""


def listed(call: Call) -> Any:
    """GET /v2/databases."""
    return page(call, "databases", [_as_api(id_, cluster) for id_, cluster in call.store.all(KIND)])


def show(call: Call) -> Any:
    """GET /v2/databases/{database}."""
    return {"database": _as_api(call.path["database"], require_cluster(call.store, call.path["database"]))}


def backups(call: Call) -> Any:
    """GET /v2/databases/{database}/backups, the newest last."""
    cluster = require_cluster(call.store, call.path["database"])
    if cluster["engine"] == "valkey":
        raise CloudError(412, "backups are not supported for this engine")
    return {
        "backups": [{"created_at": time, "size_gigabytes": 0.034, "incremental": False} for time in _times()],
        "scheduled_backup_time": {"backup_hour": 0, "backup_minute": 0, "backup_interval_hours": 24},
    }


def _times() -> list[str]:
    midnight = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    days = (midnight - timedelta(days=back) for back in reversed(range(_BACKUPS_KEPT)))
    return [day.strftime("%Y-%m-%dT%H:%M:%SZ") for day in days]


def _as_api(id_: str, cluster: Document) -> dict[str, Any]:
    return {
        "id": id_,
        "name": cluster["name"],
        "engine": cluster["engine"],
        "version": cluster["version"],
        "num_nodes": int(cluster["nodeCount"]),
        "size": cluster["size"],
        "region": cluster["region"],
        "status": "online",
        "storage_size_mib": int(cluster["storageSizeMib"]),
        "connection": {"host": cluster["host"], "port": cluster["port"], "user": cluster["user"], "ssl": True},
        "tags": cluster.get("tags") or [],
    }
