"""Waits until machines run and pass their checks."""

from __future__ import annotations

import asyncio
import time
from typing import Final

from fly.facts import Facts
from fly.models.machine import Machine
from ops.errors import OperationError
from ops.exit_code import ExitCode

_POLL_SECONDS: Final = 0.5


async def wait_until_well(facts: Facts, app: str, ids: list[str], seconds: float, options: str) -> None:
    """Until each of these machines is started and all its checks pass. Raises OperationError when the time is up.

    `options` are those with which another verb is about the same system.
    """
    deadline = time.monotonic() + seconds
    while True:
        facts.forget(("machines", app))
        ill = [machine for machine in await facts.machines(app) if machine.id in ids and not _well(machine)]
        if not ill:
            return
        if time.monotonic() >= deadline:
            shown = "; ".join(f"machine {machine.id} is {_shown(machine)}" for machine in ill)
            message = f"{app}: after {seconds:.0f} s {shown}; see: ./slipway logs {options}"
            raise OperationError(message, ExitCode.UNVERIFIED)
        await asyncio.sleep(_POLL_SECONDS)


def _well(machine: Machine) -> bool:
    passing = sum(check.status == "passing" for check in machine.results)
    return machine.state == "started" and passing >= machine.configured_checks()


def _shown(machine: Machine) -> str:
    failing = [check.name for check in machine.results if check.status != "passing"]
    return f"{machine.state}, without {', '.join(failing)}" if failing else machine.state
