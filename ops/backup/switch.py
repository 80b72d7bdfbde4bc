"""Moves an app from one volume to another: a new machine on the new volume, and the old machine goes when that is well.

Each step looks whether it was done already, so a run that was cut off is gone on with by running it again. The old
volume is never touched, and as long as the old machine is there, so is the way back.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from fly.commands.machines import clone_machine, destroy_machines
from fly.commands.volume_files import GROUP
from fly.ensure.cordoned import ensure_cordoned
from fly.ensure.started import ensure_started
from fly.ensure.stopped import ensure_stopped
from fly.errors import FlyError
from fly.facts import Facts
from fly.models.machine import Machine
from fly.models.volume import Volume
from ops.backup import scratch
from ops.errors import OperationError
from ops.exit_code import ExitCode
from ops.running.patience import wait_until_well

_OVERHEAD: Final = timedelta(seconds=120)
"""Beside the checks, Fly.io pulls the image and starts the machine."""


async def machine_on(facts: Facts, app: str, volume: str) -> Machine | None:
    """The machine of a deployment that has the volume."""
    for machine in await scratch.machines(facts, app):
        if machine.group != GROUP and scratch.holds(machine, volume):
            return machine
    return None


async def _made(facts: Facts, app: str, volume: str) -> Machine:
    made = await machine_on(facts, app, volume)
    if made is None:
        raise OperationError(f"{app} got no machine on volume {volume}", ExitCode.ENGINE)
    return made


async def switch(facts: Facts, app: str, *, old_machine: str, new: Volume, patience: timedelta, options: str) -> str:
    """Have `new` serve in place of what `old_machine` holds; the id of the machine that does.

    Raises OperationError when the app is not well on it: then the old machine serves again. `options` are those
    with which another verb is about the same system.
    """
    seconds = most_seconds(patience)
    there = {machine.id for machine in await scratch.machines(facts, app)}
    try:
        if old_machine in there:
            # Nothing must be written to the old volume that the new one would then lack without anybody knowing.
            await ensure_cordoned(facts, app, [old_machine], cordoned=True)
            await ensure_stopped(facts, app, [old_machine])
        if await machine_on(facts, app, new.id) is None:
            command = clone_machine(app, old_machine, volume_id=new.id, wait_seconds=seconds)
            await facts.do(command, ("machines", app), ("volumes", app))
        made = await _made(facts, app, new.id)
        await wait_until_well(facts, app, [made.id], seconds, options)
    except (FlyError, OperationError) as error:
        if old_machine not in there:
            raise
        await back(facts, app, old_machine=old_machine, new=new, seconds=seconds, options=options)
        message = f"{app} is not well on the restored volume, and serves from the old one again: {error}"
        raise OperationError(message, ExitCode.ROLLED_BACK) from error
    if old_machine in there:
        await facts.do(destroy_machines(app, [old_machine]), ("machines", app), ("volumes", app))
    return made.id


def most_seconds(patience: timedelta) -> float:
    """How long a machine may take until it is well, in seconds."""
    return (patience + _OVERHEAD).total_seconds()


async def back(facts: Facts, app: str, *, old_machine: str, new: Volume | None, seconds: float, options: str) -> None:
    """The old machine serves, and the new volume is gone. Raises OperationError when that does not come to be."""
    made = await machine_on(facts, app, new.id) if new else None
    if made:
        await facts.do(destroy_machines(app, [made.id]), ("machines", app), ("volumes", app))
    await ensure_started(facts, app, [old_machine])
    await wait_until_well(facts, app, [old_machine], seconds, options)
    await ensure_cordoned(facts, app, [old_machine], cordoned=False)
    if new:
        await scratch.remove_volume(facts, app, new.id)
