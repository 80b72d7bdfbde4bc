"""Machines that should not run do not."""

from __future__ import annotations

from fly.commands.machines import stop_machines
from fly.ensure.outcome import LOST_ANSWERS, Outcome
from fly.ensure.started import AT_REST
from fly.facts import Facts
from fly.models.machine import GONE


async def ensure_stopped(facts: Facts, app: str, ids: list[str]) -> Outcome[None]:
    """All of these machines are at rest. One that is gone is not touched."""
    running = await _running(facts, app, ids)
    if not running:
        return Outcome(None, changed=False, why="none of the machines runs")
    try:
        await facts.do(stop_machines(app, running), ("machines", app))
    except LOST_ANSWERS as error:
        if await _running(facts, app, ids):
            raise error from None
    return Outcome(None, changed=True, why=f"stopped {', '.join(running)}")


async def _running(facts: Facts, app: str, ids: list[str]) -> list[str]:
    resting = (*AT_REST, *GONE)
    return [machine.id for machine in await facts.machines(app) if machine.id in ids and machine.state not in resting]
