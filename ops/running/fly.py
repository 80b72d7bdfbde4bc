"""What stop, start, restart and scale do on Fly.io, machine by machine.

Only the app gets visitors. Of the apps beside it, the autoscaler is stopped first, since it would start machines again;
the others hold data or connections, and stay.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from fly.commands.machines import restart_machine
from fly.commands.scale import scale_vm
from fly.config import FlyConfig
from fly.ensure.cordoned import ensure_cordoned
from fly.ensure.counts import counted, ensure_counts
from fly.ensure.outcome import LOST_ANSWERS
from fly.ensure.started import ensure_started
from fly.ensure.stopped import ensure_stopped
from fly.facts import Facts
from fly.models.machine import Machine
from fly.release.health import last_events, must_start
from ops.deployment.release import fly_apps
from ops.errors import OperationError
from ops.exit_code import ExitCode
from ops.running.patience import wait_until_well
from ops.running.step import Step
from ops.running.wish import ScaleWish
from planning.app import fly_toml
from settings.fly import MACHINE_SIZES
from settings.fly_system import FlySystem

_GROUP: Final = "app"
_OVERHEAD: Final = timedelta(seconds=60)
"""Beside the checks, flyctl takes a lease and waits for the machine to stop."""


class FlyMachines:
    """The machines of one system. `options` are those with which another verb works on the same stack."""

    def __init__(self, facts: Facts, name: str, system: FlySystem, environment: str, options: str) -> None:
        self._facts = facts
        self._name = name
        self._system = system
        self._here = f"--system {name} {options}"
        apps = fly_apps(system, environment)
        self._app = apps["app"]
        self._autoscaler = apps.get("autoscaler")
        self._seconds = (system.app.deploy.wait + _OVERHEAD).total_seconds()

    async def stop(self, *, keep_running: bool) -> list[Step]:
        """Cordon every machine, so that no request wakes it, then stop it; `keep_running` leaves out the stop."""
        steps = []
        if self._autoscaler and not keep_running:
            steps.append(self._stop(self._autoscaler, await self._ids(self._autoscaler)))
        ids = await self._ids(self._app)
        steps.append(self._cordon(ids, cordoned=True))
        return steps if keep_running else [*steps, self._stop(self._app, ids)]

    async def start(self) -> list[Step]:
        """Start what must run, wait for its checks, and only then let visitors in again."""
        machines = await self._machines(self._app)
        least = must_start(machines, FlyConfig.model_validate(fly_toml(self._system.app)))
        steps = []
        if least:

            async def started() -> str:
                done = await ensure_started(self._facts, self._app, least)
                await wait_until_well(self._facts, self._app, least, self._seconds, self._here)
                return f"{done.why}; their checks pass"

            steps.append(
                Step(self._name, f"start {_machines(least)} of {self._app} and wait for their checks", started)
            )
        steps.append(self._cordon([machine.id for machine in machines], cordoned=False))
        if self._autoscaler:
            steps.append(self._start(self._autoscaler, await self._ids(self._autoscaler)))
        return steps

    async def restart(self) -> list[Step]:
        """One machine after the other, each only when the one before passes its checks."""
        running = [machine.id for machine in await self._machines(self._app) if machine.state == "started"]
        if not running:
            way_out = f"start it: ./slipway start {self._here} --yes"
            raise OperationError(f"{self._app} has no machine that runs; {way_out}", ExitCode.USAGE)
        return [self._restart(id_, alone=len(running) == 1) for id_ in running]

    async def scale(self, wish: ScaleWish) -> list[Step]:
        """The count, the size, the memory, as far as they differ."""
        machines, app = await self._machines(self._app), self._system.app
        steps = []
        if wish.size or wish.memory_mb:
            size, memory = wish.size or app.machines.size, wish.memory_mb or app.machines.memory_mb
            command = scale_vm(self._app, size, memory, group=_GROUP, seconds=self._seconds * max(1, len(machines)))

            async def resized() -> str:
                try:
                    await self._facts.do(command, ("machines", self._app))
                except LOST_ANSWERS:
                    if not all(_is(machine, size, memory) for machine in await self._machines(self._app)):
                        raise
                running = [machine.id for machine in await self._machines(self._app) if machine.state == "started"]
                await wait_until_well(self._facts, self._app, running, self._seconds, self._here)
                return f"every machine is {size} with {memory} MB"

            steps.append(Step(self._name, f"make every machine of {self._app} {size} with {memory} MB", resized))
        if wish.count:
            have = counted(machines, _GROUP)[app.region]
            counts = {app.region: wish.count}

            async def counted_anew() -> str:
                return (await ensure_counts(self._facts, self._app, _GROUP, counts)).why

            what = f"have {wish.count} machines of {self._app} in {app.region}, there are {have}"
            steps.append(Step(self._name, what, counted_anew))
        return steps

    async def _machines(self, app: str) -> list[Machine]:
        return [machine for machine in await self._facts.machines(app) if machine.serves]

    async def _ids(self, app: str) -> list[str]:
        return [machine.id for machine in await self._machines(app)]

    def _cordon(self, ids: list[str], *, cordoned: bool) -> Step:
        async def act() -> str:
            return (await ensure_cordoned(self._facts, self._app, ids, cordoned=cordoned)).why

        aim = "keep requests from" if cordoned else "let requests reach"
        return Step(self._name, f"{aim} {_machines(ids)} of {self._app}", act)

    def _stop(self, app: str, ids: list[str]) -> Step:
        async def act() -> str:
            return (await ensure_stopped(self._facts, app, ids)).why

        return Step(self._name, f"stop {_machines(ids)} of {app}", act)

    def _start(self, app: str, ids: list[str]) -> Step:
        async def act() -> str:
            return (await ensure_started(self._facts, app, ids)).why

        return Step(self._name, f"start {_machines(ids)} of {app}", act)

    def _restart(self, id_: str, *, alone: bool) -> Step:
        async def act() -> str:
            command = restart_machine(self._app, id_, wait_seconds=self._seconds)
            before = last_events(await self._machines(self._app)).get(id_, 0)
            try:
                await self._facts.do(command, ("machines", self._app))
            except LOST_ANSWERS:
                if last_events(await self._machines(self._app)).get(id_, 0) <= before:
                    raise
            await wait_until_well(self._facts, self._app, [id_], self._seconds, self._here)
            return f"{id_} runs again and passes its checks"

        warning = "; nothing answers meanwhile, it is the only one" if alone else ""
        return Step(self._name, f"restart machine {id_} of {self._app}{warning}", act)


def _is(machine: Machine, size: str, memory_mb: int) -> bool:
    guest, wanted = machine.settings.guest, MACHINE_SIZES[size]
    kind = "shared" if wanted.shared else "performance"
    return guest is not None and (guest.cpu_kind, guest.cpus, guest.memory_mb) == (kind, wanted.cpus, memory_mb)


def _machines(ids: list[str]) -> str:
    return f"machine{'s' if len(ids) != 1 else ''} {', '.join(ids)}" if ids else "no machine"
