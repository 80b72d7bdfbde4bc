"""`backup`: keeps what a system is and what it holds, checks it, and only then removes what is too old."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Final

from fly.errors import FlyError
from fly.models.volume import Volume
from inventory.from_settings import from_settings
from ops.backup import app_platform
from ops.backup.fly_system import Found, keep_apps, keep_volume, reader_image, used_volumes
from ops.backup.manifest import Kept, KeptDatabase, Manifest
from ops.backup.places import LEASE, data_volumes, shelf_of
from ops.backup.progress import ProgressFile, UnreadableProgressError
from ops.backup.shelf import new_id
from ops.deployment.commit import commit
from ops.errors import OperationError
from ops.exit_code import ExitCode
from ops.lease import Lease
from ops.surroundings import Surroundings
from settings.fly_system import FlySystem
from settings.volume import Volume as VolumeSettings

_SETTINGS: Final = "settings.json"
"""The system as the stack has it, without the values of secrets, which are no part of it."""


def back_up(there: Surroundings, only: str | None, *, yes: bool, as_json: bool) -> Iterator[str]:
    """Back up each system, or say what would be kept. Raises OperationError with all that cannot be."""
    systems = there.systems(only)
    if not yes:
        for name in systems:
            yield _would(there, name)
        yield "to do it, add: --yes"
        return
    told = []
    failed: list[OperationError] = []
    with Lease(there.records / LEASE).held(f"backup {only or 'all'}"):
        for name in systems:
            try:
                manifest = _taken(there, name)
            except OperationError as error:
                failed.append(error)
                continue
            if manifest is None:
                if not as_json:
                    yield f"{name}: nothing is deployed, so there is nothing to keep"
                continue
            keep = systems[name].backup.keep
            gone, unpruned = _pruned(there, name, manifest, keep)
            told.append({**json.loads(manifest.model_dump_json()), "removed": gone})
            if not as_json:
                yield from _told(name, manifest, gone, keep)
                yield from unpruned
    if as_json:
        yield json.dumps(told, indent=1)
    if failed:
        code = failed[0].exit_code
        # USAGE says that nothing was done.
        code = ExitCode.ENGINE if told and code is ExitCode.USAGE else code
        raise OperationError("\n".join(map(str, failed)), code)


def _pruned(there: Surroundings, name: str, manifest: Manifest, keep: int) -> tuple[list[str], list[str]]:
    """The ids of the backups that were too old and went; and in words, why some stayed."""
    try:
        unfinished = ProgressFile(there.records, name).read()
    except UnreadableProgressError as error:
        return [], [f"  no older one was removed, as a restore may need it: {error} {there.options}"]
    if unfinished is None:
        return shelf_of(there, name).prune(keep, manifest.at), []
    gone = shelf_of(there, name).prune(keep, manifest.at, needed={unfinished.backup})
    return gone, [f"  {unfinished.backup} stays, since a restore of it was cut off"]


def _told(name: str, manifest: Manifest, gone: list[str], keep: int) -> Iterator[str]:
    yield f"{name}: backup {manifest.id} is whole: {said(manifest)}"
    if gone:
        yield f"  removed {len(gone)} older than the newest {keep}: {', '.join(gone)}"


def said(manifest: Manifest) -> str:
    """What a backup consists of, in words."""
    size = sum(kept.size for kept in manifest.objects.values())
    parts = [f"{len(manifest.apps)} configurations"]
    if manifest.volumes:
        archived = sum(volume.archive is not None for volume in manifest.volumes)
        parts.append(f"{len(manifest.volumes)} volumes as snapshots, {archived} of them as archives, too")
    parts += [f"{one.name} has {one.backups} backups at DigitalOcean" for one in manifest.databases]
    return f"{', '.join(parts)}; {size} bytes"


def _would(there: Surroundings, name: str) -> str:
    system, shelf = there.stack.systems[name], shelf_of(there, name)
    volumes = " and a snapshot of each volume with data" if isinstance(system, FlySystem) and system.volumes else ""
    place = f"in {shelf.store.where}, beside the {len(shelf.ids())} backups that are there"
    return f"{name}: would keep its settings and configurations{volumes} {place}; the newest {system.backup.keep} stay"


def _taken(there: Surroundings, name: str) -> Manifest | None:
    """The backup, read back and found whole; None where nothing is deployed. Raises OperationError."""
    system, shelf = there.stack.systems[name], shelf_of(there, name)
    # A storage that refuses is better known before anything is done at the platform.
    shelf.ids()
    at = datetime.now(UTC)
    try:
        if isinstance(system, FlySystem):
            found = asyncio.run(_of_fly(there, system))
        else:
            found = app_platform.keep_app(there.digitalocean(), there.app_name(system), system)
    except FlyError as error:
        raise OperationError(f"{name} cannot be backed up: {error}", ExitCode.ENGINE) from error
    if not found.apps:
        return None
    found.objects[_SETTINGS] = system.model_dump_json(indent=1, exclude_none=True).encode()
    manifest = Manifest(
        id=new_id(at),
        stack=there.stack.name,
        system=name,
        platform=system.platform,
        at=at,
        commit=commit(there.root),
        apps=found.apps,
        volumes=found.volumes,
        databases=_databases(there, name),
        objects={key: Kept.of(data) for key, data in found.objects.items()},
    )
    shelf.add(manifest, found.objects)
    if problems := shelf.problems(manifest):
        message = (
            f"backup {manifest.id} of {name} did not arrive whole: {'; '.join(problems)}; no older one was removed"
        )
        raise OperationError(message, ExitCode.BACKUP)
    return manifest


async def _of_fly(there: Surroundings, system: FlySystem) -> Found:
    environment = there.stack.environment
    with there.fly() as facts:
        found = await keep_apps(facts, system, environment)
        used = await used_volumes(facts, system, environment)
        if found.apps:
            _require_all(used, data_volumes(system, environment), there.options)
        for app, settings, volume in used:
            image = await reader_image(facts, app)
            files_mb = system.backup.files_mb
            await keep_volume(facts, app, settings, volume, image=image, files_mb=files_mb, into=found)
    return found


def _require_all(
    used: list[tuple[str, VolumeSettings, Volume]], wanted: Mapping[str, VolumeSettings], options: str
) -> None:
    """Raises OperationError where data would be left out: such backups would push out those that have it."""
    missing = [f"{one.name} of {app}" for app, one in wanted.items() if app not in {at for at, _, _ in used}]
    if missing:
        message = f"no machine has the volume {', '.join(missing)}, whose data a backup must hold"
        raise OperationError(
            f"{message}; see: ./slipway volume list {options}, and deploy or restore first", ExitCode.BACKUP
        )


def _databases(there: Surroundings, name: str) -> list[KeptDatabase]:
    wanted = {str(cluster.cluster) for cluster in from_settings(there.stack).clusters if cluster.system == name}
    return app_platform.databases(there.digitalocean(), wanted) if wanted else []
