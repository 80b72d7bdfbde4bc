"""Machines that the proxy may use, and machines that it may not."""

from __future__ import annotations

from fly.commands.machines import cordon_machines, uncordon_machines
from fly.ensure.outcome import LOST_ANSWERS, Outcome
from fly.facts import Facts


async def ensure_cordoned(facts: Facts, app: str, ids: list[str], *, cordoned: bool) -> Outcome[None]:
    """Each of these machines is cordoned, or none is. One that is gone is not touched."""
    others = await _others(facts, app, ids, cordoned=cordoned)
    word = "cordoned" if cordoned else "uncordoned"
    if not others:
        return Outcome(None, changed=False, why=f"every machine is {word}")
    command = cordon_machines(app, others) if cordoned else uncordon_machines(app, others)
    try:
        await facts.do(command, ("machines", app))
    except LOST_ANSWERS as error:
        if await _others(facts, app, ids, cordoned=cordoned):
            raise error from None
    return Outcome(None, changed=True, why=f"{word} {', '.join(others)}")


async def _others(facts: Facts, app: str, ids: list[str], *, cordoned: bool) -> list[str]:
    machines = await facts.machines(app)
    return [machine.id for machine in machines if machine.id in ids and machine.cordoned is not cordoned]
