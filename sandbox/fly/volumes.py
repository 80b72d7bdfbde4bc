"""Volumes and their snapshots: created in one region, attached to one machine, only ever made larger.

What is in them lies in real folders, see `sandbox.fly.disks`.
"""

from __future__ import annotations

import re
from typing import Any

from sandbox.fly import identity, regions
from sandbox.fly.call import Call, Json
from sandbox.fly.errors import InUseError, NotFoundError, RefusedError
from sandbox.store import Document, Store

KIND = "fly/volume"
SNAPSHOT_KIND = "fly/snapshot"
# fly.io/docs/volumes/overview, read 2026-11; the sizes also in flyctl v0.4.80 internal/appconfig/validation.go.
SMALLEST_GB, LARGEST_GB = 1, 500
DEFAULT_GB = 1
_GIGABYTE = 1024**3
RETENTION_DAYS = (1, 60)
DEFAULT_RETENTION_DAYS = 5
_NAME = re.compile(r"^[a-z0-9_]{1,30}$")


def create(call: Call) -> Json:
    """POST /v1/apps/{app}/volumes {name, region, size_gb, …} → the volume."""
    call.app()
    request = call.body
    name, region = str(request.get("name") or ""), str(request.get("region") or "")
    source = _snapshot(call.store, str(request["snapshot_id"])) if request.get("snapshot_id") else None
    least = source["volume_size"] // _GIGABYTE if source else DEFAULT_GB
    size = request.get("size_gb") or least
    if not _NAME.match(name):
        raise RefusedError(f"invalid volume name '{name}': lowercase letters, digits and underscores, 30 at most")
    regions.checked(call.store, region)
    if source and size < least:
        raise RefusedError(f"invalid volume size {size} GB: the snapshot is of a volume of {least} GB")
    if not SMALLEST_GB <= size <= LARGEST_GB:
        raise RefusedError(f"invalid volume size {size} GB: must be between {SMALLEST_GB} and {LARGEST_GB} GB")
    retention = request.get("snapshot_retention") or DEFAULT_RETENTION_DAYS
    _check_retention(retention)
    number = call.store.next_number(KIND)
    document: Document = {
        "id": identity.volume_id(number),
        "app": call.app_name,
        "name": name,
        "region": region,
        "zone": identity.digest("zone", region, number)[:4],
        "size_gb": size,
        "encrypted": request.get("encrypted", True) is not False,
        "snapshot_retention": retention,
        "auto_backup_enabled": request.get("auto_backup_enabled") is not False,
        "attached_machine_id": None,
        "created_at": identity.now(),
    }
    call.store.put(KIND, document["id"], document)
    call.runner.disks.create(document["id"], source["id"] if source else None)
    return as_machines(document)


def listed(call: Call) -> Json:
    """GET /v1/apps/{app}/volumes."""
    call.app()
    return [as_machines(document) for _, document in call.store.find(KIND, app=call.app_name)]


def show(call: Call) -> Json:
    """GET /v1/apps/{app}/volumes/{volume}."""
    return as_machines(_volume(call))


def update(call: Call) -> Json:
    """PUT /v1/apps/{app}/volumes/{volume} {snapshot_retention, auto_backup_enabled}."""
    document = _volume(call)
    for key in ("snapshot_retention", "auto_backup_enabled"):
        if call.body.get(key) is not None:
            document[key] = call.body[key]
    _check_retention(document["snapshot_retention"])
    call.store.put(KIND, document["id"], document)
    return as_machines(document)


def extend(call: Call) -> Json:
    """PUT /v1/apps/{app}/volumes/{volume}/extend {size_gb} → {volume, needs_restart}; never smaller."""
    document = _volume(call)
    size, before = int(call.body.get("size_gb") or 0), document["size_gb"]
    if size < before:
        raise RefusedError(f"volume size can only be increased: {document['id']} has {before} GB, {size} GB was asked")
    if size > LARGEST_GB:
        raise RefusedError(f"invalid volume size {size} GB: must be between {SMALLEST_GB} and {LARGEST_GB} GB")
    document["size_gb"] = size
    call.store.put(KIND, document["id"], document)
    # Machines created since mid-2023 grow the file system while they run.
    return {"volume": as_machines(document), "needs_restart": False}


def destroy(call: Call) -> Json:
    """DELETE /v1/apps/{app}/volumes/{volume}; refused while a machine has it attached."""
    document = _volume(call)
    if document["attached_machine_id"]:
        raise InUseError(f"volume {document['id']} is attached to machine {document['attached_machine_id']}")
    call.store.delete(KIND, document["id"])
    call.runner.disks.remove(document["id"])
    return as_machines({**document, "state": "pending_destroy"})


def snapshot(call: Call) -> Json:
    """POST /v1/apps/{app}/volumes/{volume}/snapshots."""
    document = _volume(call)
    id_ = identity.snapshot_id(call.store.next_number(SNAPSHOT_KIND))
    entry = {
        "id": id_,
        "volume": document["id"],
        "app": call.app_name,
        "size": call.runner.disks.snapshot(document["id"], id_),
        "volume_size": document["size_gb"] * _GIGABYTE,
        "digest": identity.digest(id_),
        "created_at": identity.now(),
        "status": "created",
        "retention_days": document["snapshot_retention"],
    }
    call.store.put(SNAPSHOT_KIND, id_, entry)
    return {key: value for key, value in entry.items() if key not in ("app", "volume")}


def snapshots(call: Call) -> Json:
    """GET /v1/apps/{app}/volumes/{volume}/snapshots, oldest first; they outlive their volume."""
    call.app()
    entries = call.store.find(SNAPSHOT_KIND, app=call.app_name, volume=call.path["volume"])
    return [{key: value for key, value in entry.items() if key not in ("app", "volume")} for _, entry in entries]


def attach(store: Store, app: str, machine: str, region: str, config: dict[str, Any]) -> None:
    """Check a machine's mounts and hold their volumes for it. Raises what the platform raises."""
    mounts = config.get("mounts") or []
    if len(mounts) > 1:
        raise RefusedError("invalid config.mounts: machines may only have one volume attached")
    detach(store, machine, keep=[mount.get("volume") for mount in mounts])
    for mount in mounts:
        id_ = str(mount.get("volume") or "")
        document = store.get(KIND, id_)
        if document is None or document["app"] != app:
            raise NotFoundError(f"volume {id_} not found")
        if document["region"] != region:
            raise RefusedError(
                f"volume {id_} is in region {document['region']}: a machine in region {region} cannot attach it"
            )
        if document["attached_machine_id"] not in (None, machine):
            raise InUseError(f"volume {id_} is already attached to machine {document['attached_machine_id']}")
        store.put(KIND, id_, {**document, "attached_machine_id": machine})
        mount.update(name=document["name"], size_gb=document["size_gb"], encrypted=document["encrypted"])


def detach(store: Store, machine: str, keep: list[str | None] | None = None) -> None:
    """Let go of the volumes of a machine, but those to keep."""
    for id_, document in store.find(KIND, attached_machine_id=machine):
        if id_ not in (keep or []):
            store.put(KIND, id_, {**document, "attached_machine_id": None})


def delete_all(store: Store, app: str) -> None:
    """Destroy the volumes of a destroyed app, with their snapshots."""
    for kind in (KIND, SNAPSHOT_KIND):
        for id_, _ in store.find(kind, app=app):
            store.delete(kind, id_)


def disks_of(store: Store, app: str) -> list[str]:
    """The ids of all that has a folder with the files of an app."""
    return [id_ for kind in (KIND, SNAPSHOT_KIND) for id_, _ in store.find(kind, app=app)]


def as_machines(document: Document) -> dict[str, Any]:
    """The shape of the Machines API."""
    return {
        "state": "created",
        "attached_alloc_id": None,
        "host_dedication_id": "",
        "host_status": "ok",
        "fstype": "ext4",
        **{key: value for key, value in document.items() if key != "app"},
    }


def _volume(call: Call) -> Document:
    call.app()
    document = call.store.get(KIND, call.path["volume"])
    if document is None or document["app"] != call.app_name:
        raise NotFoundError("volume not found")
    return document


def _snapshot(store: Store, id_: str) -> Document:
    document = store.get(SNAPSHOT_KIND, id_)
    if document is None:
        raise NotFoundError(f"snapshot {id_} not found")
    return document


def _check_retention(days: int) -> None:
    low, high = RETENTION_DAYS
    if not low <= days <= high:
        raise RefusedError(f"invalid snapshot_retention {days}: must be between {low} and {high} days")
