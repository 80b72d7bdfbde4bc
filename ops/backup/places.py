"""Where the backups of a system lie, and which of its volumes hold data."""

from __future__ import annotations

from typing import Final

from fly.errors import NotFound
from fly.facts import Facts
from fly.models.volume import Volume as FoundVolume
from ops.backup.shelf import Shelf
from ops.backup.store import Folder, Store
from ops.deployment.release import fly_apps
from ops.surroundings import Surroundings
from settings.fly_system import FlySystem
from settings.volume import Volume

FOLDER: Final = "backups"
"""In a stack's records, where there is no bucket. A rehearsal never uses a bucket."""
LEASE: Final = "backup.sqlite"
"""In a stack's records: one backup or drill at a time."""


def shelf_of(there: Surroundings, name: str) -> Shelf:
    """The backups of a system."""
    bucket = there.stack.systems[name].backup.bucket
    store: Store = Folder(there.records / FOLDER)
    if bucket and not there.sandboxed:
        from ops.backup.bucket import Bucket

        store = Bucket(bucket, there.environment)
    return Shelf(store, there.stack.name, name, options=there.options)


def with_volumes(there: Surroundings, only: str | None) -> dict[str, FlySystem]:
    """The systems on Fly.io that have volumes, or the one named, if it has."""
    return {name: one for name, one in there.systems(only).items() if isinstance(one, FlySystem) and one.volumes}


async def volumes_of(facts: Facts, app: str) -> list[FoundVolume]:
    """The volumes of an app; none where there is no such app yet."""
    try:
        return await facts.volumes(app)
    except NotFound:
        return []


def data_volumes(system: FlySystem, environment: str) -> dict[str, Volume]:
    """By app, the volume that holds what exists nowhere else; one that holds logs is left out."""
    apps = fly_apps(system, environment)
    found = {}
    if system.app.volume and system.app.volume.holds == "state":
        found[apps["app"]] = system.app.volume
    if system.redis:
        found[apps["redis"]] = system.redis.volume
    return found
