"""Machines and volumes that are there only to look at data: made for a moment, and removed also after a failure.

They belong to the app, because a snapshot surely becomes a volume there, and images are at hand; but no deployment, no
count and no visitor sees them. A machine of a run that was killed ends by itself, and the next run removes its volume.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from fly.answers import parsed_list, parsed_object
from fly.commands.machines import destroy_machines
from fly.commands.snapshots import create_snapshot, list_snapshots
from fly.commands.volume_files import GROUP, hold_volume
from fly.commands.volumes import create_volume, destroy_volume
from fly.errors import NotFound, Refused
from fly.facts import Facts
from fly.models.machine import GONE, Machine
from fly.models.snapshot import Snapshot
from fly.models.volume import Volume
from ops.errors import OperationError
from ops.exit_code import ExitCode

VOLUME: Final = "slipway_scratch"
"""The name of such volumes: no machine of a deployment ever takes one."""

_SNAPSHOT_SECONDS: Final = 1800.0
_MACHINE_SECONDS: Final = 180.0
_POLL_SECONDS: Final = 1.0
_TRIES: Final = 10


async def snapshot(facts: Facts, app: str, volume: str) -> Snapshot:
    """A new snapshot of a volume, once it is there. Raises OperationError when that takes too long."""
    before = {found.id for found in await snapshots(facts, app, volume)}
    await facts.do(create_snapshot(app, volume))
    deadline = time.monotonic() + _SNAPSHOT_SECONDS
    while True:
        fresh = [found for found in await snapshots(facts, app, volume) if found.ready and found.id not in before]
        if fresh:
            return fresh[-1]
        if time.monotonic() >= deadline:
            message = (
                f"the snapshot of {volume} is not ready after {_SNAPSHOT_SECONDS:.0f} s; run the same command again"
            )
            raise OperationError(message, ExitCode.ENGINE)
        await asyncio.sleep(_POLL_SECONDS)


async def snapshots(facts: Facts, app: str, volume: str) -> list[Snapshot]:
    """The snapshots of a volume, the oldest first; none of one that Fly.io no longer knows."""
    command = list_snapshots(app, volume)
    try:
        return parsed_list(command, (await facts.ask(command)).stdout, Snapshot)
    except NotFound:
        return []


async def new_volume(facts: Facts, app: str, name: str, *, like: Volume, size_gb: int, source: str | None) -> Volume:
    """A volume beside another one, with the files of the snapshot `source`, or empty."""
    command = create_volume(
        app,
        name,
        region=like.region,
        size_gb=size_gb,
        snapshot_retention_days=like.snapshot_retention,
        scheduled_snapshots=like.auto_backup_enabled,
        snapshot_id=source,
    )
    return parsed_object(command, (await facts.do(command, ("volumes", app))).stdout, Volume)


@asynccontextmanager
async def holding(
    facts: Facts, app: str, volume: Volume, *, image: str, path: str, archive: str | None = None
) -> AsyncIterator[str]:
    """A machine that holds the volume while the block runs; its id. `archive` is a local file to give it."""
    command = hold_volume(app, volume.id, image=image, region=volume.region, path=path, archive=archive)
    try:
        await facts.do(command, ("machines", app), ("volumes", app))
        yield await _running(facts, app, volume.id)
    finally:
        await _remove_machines(facts, app)


@asynccontextmanager
async def scratch_volume(
    facts: Facts, app: str, *, like: Volume, size_gb: int, source: str | None
) -> AsyncIterator[Volume]:
    """A volume for the time of the block."""
    await tidy(facts, app)
    try:
        yield await new_volume(facts, app, VOLUME, like=like, size_gb=size_gb, source=source)
    finally:
        await tidy(facts, app)


async def tidy(facts: Facts, app: str) -> None:
    """Remove what such runs left in an app."""
    await _remove_machines(facts, app)
    facts.forget(("volumes", app))
    for volume in await facts.volumes(app):
        if volume.name == VOLUME:
            await remove_volume(facts, app, volume.id)


async def remove_volume(facts: Facts, app: str, id_: str) -> None:
    """Destroy a volume. One whose machine was just removed may need a moment until it can be."""
    for tries_left in range(_TRIES - 1, -1, -1):
        try:
            await facts.do(destroy_volume(app, id_), ("volumes", app))
        except NotFound:
            return
        except Refused:
            if not tries_left:
                raise
            await asyncio.sleep(_POLL_SECONDS)
        else:
            return


async def machines(facts: Facts, app: str) -> list[Machine]:
    """The machines of the app as they are now, with those that are no part of a deployment."""
    facts.forget(("machines", app))
    return [machine for machine in await facts.machines(app) if machine.state not in GONE]


def holds(machine: Machine, volume: str) -> bool:
    """Whether the volume is mounted in the machine."""
    return any(mount.volume == volume for mount in machine.settings.mounts or [])


async def _running(facts: Facts, app: str, volume: str) -> str:
    deadline = time.monotonic() + _MACHINE_SECONDS
    while True:
        found = [machine for machine in await machines(facts, app) if machine.group == GROUP and holds(machine, volume)]
        if found and found[0].state == "started":
            return found[0].id
        if time.monotonic() >= deadline:
            state = found[0].state if found else "missing"
            message = f"the machine that reads volume {volume} of {app} is {state}; run the same command again"
            raise OperationError(message, ExitCode.ENGINE)
        await asyncio.sleep(_POLL_SECONDS)


async def _remove_machines(facts: Facts, app: str) -> None:
    left = [machine.id for machine in await machines(facts, app) if machine.group == GROUP]
    if left:
        try:
            await facts.do(destroy_machines(app, left), ("machines", app), ("volumes", app))
        except NotFound:
            return
