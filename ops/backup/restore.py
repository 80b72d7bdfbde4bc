"""`restore`: makes a new volume from a backup, compares its files with what was kept, and moves the app onto it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from dataclasses import dataclass

from fly.errors import FlyError
from fly.facts import Facts
from fly.models.volume import Volume
from ops.backup import scratch
from ops.backup.files import differences, parse_sums
from ops.backup.made import checked, source_of
from ops.backup.manifest import KeptVolume, Manifest
from ops.backup.places import LEASE, data_volumes, shelf_of, with_volumes
from ops.backup.progress import Progress, ProgressFile
from ops.backup.shelf import Shelf
from ops.backup.switch import machine_on, switch
from ops.engine import Engine
from ops.errors import OperationError
from ops.exit_code import ExitCode
from ops.journal import Journal
from ops.lease import Lease
from ops.surroundings import Surroundings
from settings.fly_system import FlySystem


@dataclass(frozen=True)
class Restored:
    """What serves now, and the volume that served before and is still there."""

    system: str
    backup: str
    volume: str
    machine: str
    old_volume: str
    files: int


def restore(
    there: Surroundings, name: str | None, backup: str | None, volume: str | None, *, yes: bool, as_json: bool
) -> Iterator[str]:
    """Bring a volume back as a backup has it, or say what would be done. Raises OperationError; see `switch`."""
    name, system = chosen(there, name)
    shelf, progress = shelf_of(there, name), ProgressFile(there.records, name)
    left = progress.read()
    if left and backup not in (None, left.backup):
        message = f"the restore of {left.backup} was cut off; finish it first: leave out --backup, or add --abandon"
        raise OperationError(message, ExitCode.REFUSED)
    if left and left.backup not in shelf.ids():
        message = f"the restore of {left.backup} was cut off, and that backup is no longer in {shelf.store.where}"
        way_out = f"to serve from volume {left.old_volume} as before: ./slipway restore --abandon {here(there, name)}"
        raise OperationError(f"{message}; {way_out}", ExitCode.REFUSED)
    manifest = shelf.manifest(left.backup if left else backup)
    kept = _volume(manifest, left.kept if left else volume)
    if problems := shelf.problems(manifest):
        raise OperationError(f"backup {manifest.id} is not whole: {'; '.join(problems)}", ExitCode.BACKUP)
    try:
        if not yes:
            yield from asyncio.run(_plan(there, name, kept, manifest, left))
            return
        with Lease(Journal(there.records).file).held(f"restore {name}"), Lease(there.records / LEASE).held("restore"):
            done = asyncio.run(_restored(there, name, system, shelf, manifest, kept, progress))
            know(there.engine(), kept.app)
            progress.done()
    except FlyError as error:
        message = f"the restore of {name} stopped: {error}\nto go on: ./slipway restore {here(there, name)} --yes"
        raise OperationError(message, ExitCode.ENGINE) from error
    if as_json:
        yield json.dumps(done.__dict__, indent=1)
        return
    yield f"{name}: machine {done.machine} serves from volume {done.volume}, as backup {done.backup} has it"
    yield f"  {done.files} files are as they were kept"
    yield f"  volume {done.old_volume} with what was there before is kept, and paid for; to remove it:"
    yield f"  ./slipway volume destroy {done.old_volume} {here(there, name)} --yes"


def here(there: Surroundings, name: str) -> str:
    """The options with which another verb is about the same system."""
    return f"--system {name} {there.options}"


def chosen(there: Surroundings, name: str | None) -> tuple[str, FlySystem]:
    holders = with_volumes(there, name)
    if name and not holders:
        message = f"{name} has no volume; return to an earlier release instead: ./slipway rollback {there.options}"
        raise OperationError(message, ExitCode.USAGE)
    if len(holders) != 1:
        known = ", ".join(holders) or "none has a volume"
        raise OperationError(f"say which system to restore: --system with one of {known}", ExitCode.USAGE)
    return next(iter(holders.items()))


def _volume(manifest: Manifest, wanted: str | None) -> KeptVolume:
    """The volume of the backup that is meant. Raises OperationError."""
    found = [kept for kept in manifest.volumes if wanted in (None, kept.id, kept.name)]
    if len(found) == 1:
        return found[0]
    known = ", ".join(kept.id for kept in manifest.volumes) or "no volume"
    raise OperationError(f"say which volume: --volume with one of {known}, which {manifest.id} has", ExitCode.USAGE)


async def _plan(
    there: Surroundings, name: str, kept: KeptVolume, manifest: Manifest, left: Progress | None
) -> list[str]:
    if left:
        going_on = f"{name}: would go on with the restore of {left.backup} that was cut off; --abandon gives it up"
        return [going_on, "to do it, add: --yes"]
    with there.fly() as facts:
        source = await source_of(facts, kept)
        served = await _served(facts, there, kept)
    origin = f"snapshot {source}" if source else "the archive, since Fly.io no longer has the snapshot"
    return [
        f"{name}: would make a new volume {kept.name} from {origin} and compare its files with backup {manifest.id}",
        f"  would stop the machine on volume {served.id}: nothing answers until the new one is well",
        f"  would run a machine like it on the new volume, and keep volume {served.id} as it is",
        "to do it, add: --yes",
    ]


async def _restored(
    there: Surroundings,
    name: str,
    system: FlySystem,
    shelf: Shelf,
    manifest: Manifest,
    kept: KeptVolume,
    file: ProgressFile,
) -> Restored:
    with there.fly() as facts:
        await scratch.tidy(facts, kept.app)
        going = file.read() or await _begun(facts, there, manifest, kept)
        file.write(going)
        new, going = await _new_volume(facts, kept, going, file)
        wanted = parse_sums(shelf.object(manifest, kept.sums).decode())
        if await machine_on(facts, kept.app, new.id) is None:
            await _require_same(facts, shelf, manifest, kept, new, going, file)
        patience = system.app.deploy.wait
        try:
            old, to_see = going.old_machine, here(there, name)
            made = await switch(facts, kept.app, old_machine=old, new=new, patience=patience, options=to_see)
        except OperationError as error:
            if error.exit_code is ExitCode.ROLLED_BACK:
                file.done()
            raise
    return Restored(name, manifest.id, new.id, made, going.old_volume, len(wanted))


async def _served(facts: Facts, there: Surroundings, kept: KeptVolume) -> Volume:
    """The volume that the app has now in the place of the one that was kept: the same, or the only one."""
    names = {
        settings.name
        for system in there.stack.systems.values()
        if isinstance(system, FlySystem)
        for app, settings in data_volumes(system, there.stack.environment).items()
        if app == kept.app
    }
    used = [one for one in await facts.volumes(kept.app) if one.name in names and one.attached_machine_id]
    found = [one for one in used if one.id == kept.id] or used
    if len(found) != 1:
        shown = ", ".join(one.id for one in found) or "none"
        message = f"which volume of {kept.app} to replace is not clear: machines have {shown}; deploy first"
        raise OperationError(message, ExitCode.REFUSED)
    return found[0]


async def _begun(facts: Facts, there: Surroundings, manifest: Manifest, kept: KeptVolume) -> Progress:
    served = await _served(facts, there, kept)
    known = [volume.id for volume in await facts.volumes(kept.app)]
    return Progress(
        backup=manifest.id,
        kept=kept.id,
        old_volume=served.id,
        old_machine=served.attached_machine_id or "",
        known=known,
    )


async def _new_volume(facts: Facts, kept: KeptVolume, going: Progress, file: ProgressFile) -> tuple[Volume, Progress]:
    """The volume that this restore made before it was cut off, or a new one; it is on record from then on."""
    volumes = {volume.id: volume for volume in await facts.volumes(kept.app)}
    if going.new_volume in volumes:
        return volumes[going.new_volume], going
    old = volumes.get(going.old_volume) or kept.as_volume()
    # Cut off between the making and the record, its own volume cannot be told from a spare one of somebody else's.
    loose = unclaimed(list(volumes.values()), going, old)
    if loose:
        new = loose[0]
    else:
        source = await source_of(facts, kept)
        size = max(kept.size_gb, old.size_gb)
        new = await scratch.new_volume(facts, kept.app, kept.name, like=old, size_gb=size, source=source)
    going = going.model_copy(update={"new_volume": new.id, "sure": not loose})
    file.write(going)
    return new, going


def unclaimed(volumes: list[Volume], going: Progress, old: Volume) -> list[Volume]:
    """The volumes that this restore may have made: like the old one, not there before it, and no machine has them."""
    return [
        volume
        for volume in volumes
        if volume.id not in {*going.known, going.new_volume}
        and volume.attached_machine_id is None
        and (volume.name, volume.region) == (old.name, old.region)
    ]


async def _require_same(
    facts: Facts,
    shelf: Shelf,
    manifest: Manifest,
    kept: KeptVolume,
    new: Volume,
    going: Progress,
    file: ProgressFile,
) -> None:
    """Raises OperationError, with the app untouched and no new volume, when its files are not those that were kept."""
    source = await source_of(facts, kept)
    found = await checked(facts, shelf, manifest, kept, new, source)
    problems = differences(parse_sums(shelf.object(manifest, kept.sums).decode()), found)
    if problems and not going.sure:
        file.write(going.model_copy(update={"known": [*going.known, new.id], "new_volume": "", "sure": True}))
        message = f"volume {new.id}, which no machine has, is not what backup {manifest.id} has: {'; '.join(problems)}"
        raise OperationError(f"{message}\nit was left alone; run this again to restore into a new one", ExitCode.BACKUP)
    if problems:
        await scratch.remove_volume(facts, kept.app, new.id)
        file.done()
        message = f"backup {manifest.id} does not restore: {'; '.join(problems)}\nthe app was not touched"
        raise OperationError(f"{message}; use another backup", ExitCode.BACKUP)


def know(engine: Engine, app: str) -> None:
    """Let the state name the volumes that an app has now, so that no later run is surprised. Raises OperationError."""
    state = engine.state().get("resources") or ()
    urns = [
        str(resource["urn"])
        for resource in state
        if resource["type"] == "fly:index:Volume" and resource.get("outputs", {}).get("app") == app
    ]
    targets = [option for urn in urns for option in ("--target", urn)]
    outcome = engine.refresh(None, "--yes", "--skip-preview", *targets) if targets else None
    if outcome and not outcome.ok:
        raise OperationError("\n".join(outcome.errors), ExitCode.ENGINE)
