"""`restore --abandon`: gives up a restore that was cut off; the app serves from its old volume as before."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

from fly.errors import FlyError, NotFound
from fly.facts import Facts
from fly.models.volume import Volume
from ops.backup import scratch
from ops.backup.places import LEASE, data_volumes
from ops.backup.progress import Progress, ProgressFile
from ops.backup.restore import chosen, here, know
from ops.backup.switch import back, most_seconds
from ops.errors import OperationError
from ops.exit_code import ExitCode
from ops.journal import Journal
from ops.lease import Lease
from ops.surroundings import Surroundings
from settings.fly_system import FlySystem


def abandon(there: Surroundings, name: str | None, *, yes: bool) -> Iterator[str]:
    """Undo what an unfinished restore did, or say what would be done. Raises OperationError.

    Where the app has moved already, there is no way back, and the record of the restore is closed.
    """
    name, system = chosen(there, name)
    file = ProgressFile(there.records, name)
    left = file.read()
    if left is None:
        message = f"no restore of {name} was cut off, so there is none to abandon"
        raise OperationError(message, ExitCode.USAGE)
    try:
        if not yes:
            yield from asyncio.run(_plan(there, name, system, left))
            return
        with Lease(Journal(there.records).file).held(f"restore {name}"), Lease(there.records / LEASE).held("restore"):
            app, said = asyncio.run(_abandoned(there, name, system, left))
            if app:
                know(there.engine(), app)
            file.done()
    except FlyError as error:
        message = f"giving up the restore of {name} stopped: {error}"
        raise OperationError(
            f"{message}\nto go on: ./slipway restore --abandon {here(there, name)} --yes", ExitCode.ENGINE
        ) from error
    yield f"{name}: {said}"


async def _plan(there: Surroundings, name: str, system: FlySystem, left: Progress) -> list[str]:
    with there.fly() as facts:
        app, volumes = await _holding(facts, system, there.stack.environment, left.old_volume)
        new = _made(volumes, left)
        returns = bool(app) and left.old_machine in {machine.id for machine in await scratch.machines(facts, app)}
    ask = "to do it, add: --yes"
    if not returns:
        return [f"{name}: would close the record of the restore of {left.backup}: {_too_late(left)}", ask]
    removed = [f"  would remove volume {volume.id}, which that restore made" for volume in new]
    return [
        f"{name}: would give up the restore of {left.backup}",
        f"  machine {left.old_machine} would serve from volume {left.old_volume}, as it is",
        *removed,
        ask,
    ]


async def _abandoned(there: Surroundings, name: str, system: FlySystem, left: Progress) -> tuple[str, str]:
    """The app that was worked on, and what was done in words."""
    with there.fly() as facts:
        app, volumes = await _holding(facts, system, there.stack.environment, left.old_volume)
        if not app or left.old_machine not in {machine.id for machine in await scratch.machines(facts, app)}:
            return app, f"closed the record of the restore of {left.backup}: {_too_late(left)}"
        await scratch.tidy(facts, app)
        new = _made(volumes, left)
        seconds = most_seconds(system.app.deploy.wait)
        undone: list[Volume | None] = [*new] or [None]
        for volume in undone:
            await back(facts, app, old_machine=left.old_machine, new=volume, seconds=seconds)
    gone = f"; removed {', '.join(volume.id for volume in new)}" if new else ""
    return app, f"machine {left.old_machine} serves from volume {left.old_volume} as before{gone}"


async def _holding(facts: Facts, system: FlySystem, environment: str, volume: str) -> tuple[str, list[Volume]]:
    """The app that has a volume, with all of its volumes; no app where the volume is gone."""
    for app in data_volumes(system, environment):
        try:
            volumes = await facts.volumes(app)
        except NotFound:
            continue
        if volume in {found.id for found in volumes}:
            return app, volumes
    return "", []


def _made(volumes: list[Volume], left: Progress) -> list[Volume]:
    """What the restore made: volumes like the old one that were not there before it."""
    old = next(volume for volume in volumes if volume.id == left.old_volume) if volumes else None
    return [
        volume
        for volume in volumes
        if old and volume.id not in left.known and (volume.name, volume.region) == (old.name, old.region)
    ]


def _too_late(left: Progress) -> str:
    return f"machine {left.old_machine}, which had volume {left.old_volume}, is gone, so there is no way back"
