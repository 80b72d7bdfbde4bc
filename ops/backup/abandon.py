"""`restore --abandon`: gives up a restore that was cut off; the app serves from its old volume as before."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Final

from fly.errors import FlyError
from fly.facts import Facts
from fly.models.volume import Volume
from ops.backup import scratch
from ops.backup.places import LEASE, data_volumes, volumes_of
from ops.backup.progress import Progress, ProgressFile, UnreadableProgressError
from ops.backup.restore import chosen, here, know, unclaimed
from ops.backup.switch import back, most_seconds
from ops.errors import OperationError
from ops.exit_code import ExitCode
from ops.journal import Journal
from ops.lease import Lease
from ops.surroundings import Surroundings
from settings.fly_system import FlySystem

_ASK: Final = "to do it, add: --yes"


def abandon(there: Surroundings, name: str | None, *, yes: bool) -> Iterator[str]:
    """Undo what an unfinished restore did, or say what would be done. Raises OperationError.

    Where the app has moved already, there is no way back, and the record of the restore is closed.
    """
    name, system = chosen(there, name)
    file = ProgressFile(there.records, name)
    try:
        left = file.read()
    except UnreadableProgressError:
        if yes:
            file.done()
        done = "closed" if yes else "would close"
        yield f"{name}: {done} the record of a restore, which cannot be read; nothing else is known of it"
        yield f"  see which volumes there are: ./slipway volume list {here(there, name)}"
        if not yes:
            yield _ASK
        return
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
    yield from said


async def _plan(there: Surroundings, name: str, system: FlySystem, left: Progress) -> list[str]:
    with there.fly() as facts:
        _, volumes, returns = await _looked(facts, system, there.stack.environment, left)
    if not returns:
        return [f"{name}: would close the record of the restore of {left.backup}: {_too_late(left)}", _ASK]
    new = _made(volumes, left)
    removed = [f"  would remove volume {new.id}, which that restore made, with what it brought back"] if new else []
    return [
        f"{name}: would give up the restore of {left.backup}",
        f"  machine {left.old_machine} would serve from volume {left.old_volume}, as it is",
        *removed,
        *_left_alone(there, name, volumes, left),
        _ASK,
    ]


async def _abandoned(there: Surroundings, name: str, system: FlySystem, left: Progress) -> tuple[str, list[str]]:
    """The app that was worked on, and what was done in words."""
    with there.fly() as facts:
        app, volumes, returns = await _looked(facts, system, there.stack.environment, left)
        if not returns:
            return app, [f"{name}: closed the record of the restore of {left.backup}: {_too_late(left)}"]
        await scratch.tidy(facts, app)
        new = _made(volumes, left)
        seconds = most_seconds(system.app.deploy.wait)
        await back(facts, app, old_machine=left.old_machine, new=new, seconds=seconds, options=here(there, name))
    gone = f"; removed {new.id}" if new else ""
    said = f"{name}: machine {left.old_machine} serves from volume {left.old_volume} as before{gone}"
    return app, [said, *_left_alone(there, name, volumes, left)]


async def _looked(facts: Facts, system: FlySystem, environment: str, left: Progress) -> tuple[str, list[Volume], bool]:
    """The app that has the old volume, with all of its volumes, and whether there is a machine to return to.

    No app where the volume is gone.
    """
    for app in data_volumes(system, environment):
        volumes = await volumes_of(facts, app)
        if left.old_volume in {volume.id for volume in volumes}:
            machines = await scratch.machines(facts, app)
            return app, volumes, left.old_machine in {machine.id for machine in machines}
    return "", [], False


def _made(volumes: list[Volume], left: Progress) -> Volume | None:
    """The volume that the restore surely made."""
    return next((volume for volume in volumes if left.sure and volume.id == left.new_volume), None)


def _left_alone(there: Surroundings, name: str, volumes: list[Volume], left: Progress) -> list[str]:
    """A line for each volume that the restore may have made, and that is left for a person to judge."""
    old = next(volume for volume in volumes if volume.id == left.old_volume)
    unsure = [volume for volume in volumes if volume.id == left.new_volume and not left.sure]
    return [
        f"  volume {volume.id} may be of that restore, too; where nobody needs it: "
        f"./slipway volume destroy {volume.id} --without-backup {here(there, name)} --yes"
        for volume in [*unsure, *unclaimed(volumes, left, old)]
    ]


def _too_late(left: Progress) -> str:
    return f"machine {left.old_machine}, which had volume {left.old_volume}, is gone, so there is no way back"
