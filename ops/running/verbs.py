"""Plans a verb for every system that it is about, shows the plan, and with `yes` carries it out."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Literal

from fly.errors import FlyError
from fly.facts import Facts
from ops.errors import OperationError
from ops.exit_code import ExitCode
from ops.journal import Journal
from ops.lease import Lease
from ops.running.app_platform import AppPlatformApp
from ops.running.fly import FlyMachines
from ops.running.step import Step
from ops.running.wish import ScaleWish, lines_to_change, require_valid, settings_of
from ops.surroundings import Surroundings
from settings.fly_system import FlySystem
from settings.system import System

Verb = Literal["stop", "start", "restart", "scale"]
Running = FlyMachines | AppPlatformApp
Troubles = dict[str, FlyError | OperationError]
"""By system, what kept a step from being planned or done."""
Plan = Callable[[Running], Awaitable[list[Step]]]


@dataclass(frozen=True)
class Done:
    """A step and what came of it; empty where it was only said."""

    step: Step
    result: str = ""


def stop(
    surroundings: Surroundings, only: str | None, *, keep_running: bool, yes: bool, as_json: bool
) -> Iterator[str]:
    """Keep visitors away and stop what runs. Waits for nobody: it is for emergencies. Raises OperationError."""
    plan = lambda running: running.stop(keep_running=keep_running)  # noqa: E731
    yield from _carried_out(surroundings, "stop", only, plan, yes=yes, as_json=as_json)
    if yes and not as_json:
        system = f"--system {only} " if only else ""
        yield f"the next deployment starts it again; until then: ./slipway start {system}{surroundings.options}"


def start(surroundings: Surroundings, only: str | None, *, yes: bool, as_json: bool) -> Iterator[str]:
    """Start what must run and let visitors in. Raises OperationError."""
    yield from _carried_out(surroundings, "start", only, lambda running: running.start(), yes=yes, as_json=as_json)


def restart(surroundings: Surroundings, only: str | None, *, yes: bool, as_json: bool) -> Iterator[str]:
    """Restart instance by instance, each only when the one before is well. Raises OperationError."""
    yield from _carried_out(surroundings, "restart", only, lambda running: running.restart(), yes=yes, as_json=as_json)


def scale(surroundings: Surroundings, only: str | None, wish: ScaleWish, *, yes: bool, as_json: bool) -> Iterator[str]:
    """Run more, fewer or other instances until the next deployment. Raises OperationError."""
    if only is None:
        known = ", ".join(surroundings.stack.systems)
        raise OperationError(f"say which system to scale: --system with one of {known}", ExitCode.USAGE)
    wanted = settings_of(wish, surroundings.systems(only)[only])
    require_valid(surroundings.root, surroundings.stack.name, only, wanted)
    plan = lambda running: running.scale(wish)  # noqa: E731
    yield from _carried_out(surroundings, "scale", only, plan, yes=yes, as_json=as_json)
    if not as_json:
        for line in lines_to_change(surroundings.root, surroundings.stack.name, only, wanted):
            yield f"the next deployment puts it back; to keep it, change the settings: {line}"


def _carried_out(
    surroundings: Surroundings, verb: Verb, only: str | None, plan: Plan, *, yes: bool, as_json: bool
) -> Iterator[str]:
    """The plan, or what came of it, line by line."""
    done: list[Done] = []
    troubles: Troubles = {}
    alone = verb == "stop" or not yes
    lease = nullcontext() if alone else Lease(Journal(surroundings.records).file).held(f"{verb} {only or 'all'}")
    with lease, asyncio.Runner() as loop, surroundings.fly() as facts:
        steps = loop.run(_planned(surroundings, facts, only, plan, troubles))
        for step in steps:
            # In an emergency what can be stopped is stopped; any other verb ends with the first error.
            if troubles and (verb != "stop" or step.system in troubles):
                continue
            if not as_json:
                yield f"{step.system}: {step.what}" if yes else f"{step.system}: would {step.what}"
            try:
                result = loop.run(step.act()) if yes else ""  # type: ignore[arg-type]
            except (FlyError, OperationError) as error:
                troubles[step.system] = error
                continue
            done.append(Done(step, result))
            if result and not as_json:
                yield f"  {result}"
    if troubles:
        raise _stopped(troubles, done, verb)
    if as_json:
        steps_told = [{"system": one.step.system, "what": one.step.what, "result": one.result} for one in done]
        yield json.dumps({"stack": surroundings.stack.name, "verb": verb, "done": yes, "steps": steps_told}, indent=1)
    elif not yes:
        yield "to do it, add --yes"


async def _planned(
    surroundings: Surroundings, facts: Facts, only: str | None, plan: Plan, troubles: Troubles
) -> list[Step]:
    """The steps of every system, in the systems' order; for one that cannot be looked at, what went wrong."""

    async def planned(name: str, system: System) -> list[Step]:
        try:
            if isinstance(system, FlySystem):
                environment = surroundings.stack.environment
                return await plan(FlyMachines(facts, name, system, environment, surroundings.options))
            app = surroundings.app_name(system)
            return await plan(AppPlatformApp(surroundings.digitalocean(), name, app, surroundings.options))
        except (FlyError, OperationError) as error:
            troubles[name] = error
            return []

    found = await asyncio.gather(*(planned(name, system) for name, system in surroundings.systems(only).items()))
    return [step for steps in found for step in steps]


def _stopped(troubles: Troubles, done: list[Done], verb: Verb) -> OperationError:
    message = "\n".join(f"{system}: {error}" for system, error in troubles.items())
    first = next(iter(troubles.values()))
    code = first.exit_code if isinstance(first, OperationError) else ExitCode.ENGINE
    if not any(one.result for one in done):
        return OperationError(message, code)
    if code is ExitCode.USAGE:
        code = ExitCode.ENGINE  # the other says that nothing was done
    said = "; ".join(one.step.what for one in done)
    return OperationError(f"{message}\ndone before that: {said}; run {verb} again to go on", code)
