"""Machines that should run do."""

from __future__ import annotations

from fly.commands.machines import start_machines
from fly.ensure.outcome import LOST_ANSWERS, Outcome
from fly.facts import Facts

AT_REST = ("stopped", "suspended", "created")


async def ensure_started(facts: Facts, app: str, ids: list[str]) -> Outcome[None]:
    """None of these machines is at rest. One that is starting or gone is not touched."""
    resting = await _resting(facts, app, ids)
    if not resting:
        return Outcome(None, changed=False, why="none of the machines is at rest")
    try:
        await facts.do(start_machines(app, resting), ("machines", app))
    except LOST_ANSWERS as error:
        if await _resting(facts, app, ids):
            raise error from None
    return Outcome(None, changed=True, why=f"started {', '.join(resting)}")


async def _resting(facts: Facts, app: str, ids: list[str]) -> list[str]:
    return [machine.id for machine in await facts.machines(app) if machine.id in ids and machine.state in AT_REST]
