"""A restore that somebody has tried."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

from inventory.system import System
from inventory.unknown import UNKNOWN, known
from policies.circumstances import Circumstances
from policies.drill import Drill
from policies.rule import Rule
from policies.sample import TODAY, Samples, sample
from policies.samples.digitalocean import postgres
from policies.samples.fly import fly_app, fly_volume

LONGEST_DAYS: Final = 90


def broken(system: System, stack: Circumstances) -> Iterator[str]:
    holders = (*stack.inventory.fly_volumes, *stack.inventory.clusters)
    if not any(holder.system == system.name for holder in holders):
        return
    drills = known(UNKNOWN if stack.drills is None else stack.drills)
    good = [drill.at.date() for drill in drills if drill.system == system.name and drill.ok]
    if not good:
        yield "it holds data, and no restore of it was ever tried with success"
    elif (days := (stack.today - max(good)).days) > LONGEST_DAYS:
        yield f"the last good restore of its data was tried {days} days ago, more than {LONGEST_DAYS}"


def _tried(days: int, *, ok: bool = True, system: str = "shop") -> Drill:
    noon = datetime(TODAY.year, TODAY.month, TODAY.day, 12, tzinfo=UTC)
    return Drill(system, noon - timedelta(days=days), ok)


_STACK: Final = sample(fly_app(), fly_volume())


RULE = Rule(
    name="restore-tried",
    about=System,
    title="A restore of each system's data was tried with success in the last 90 days.",
    why="A backup that nobody has restored is a hope. What is missing from it shows only in a restore.",
    source="docs/policies.md, on the record of drills",
    remedy="try a backup with `./slipway drill`, which puts it on record",
    production="advisory",
    elsewhere="off",
    broken=broken,
    samples=lambda: Samples(
        passes=(
            replace(_STACK, drills=(_tried(90), _tried(200))),
            replace(sample(fly_app()), drills=()),
        ),
        fails=(
            replace(_STACK, drills=(_tried(91),)),
            replace(_STACK, drills=(_tried(1, ok=False),)),
            replace(_STACK, drills=(_tried(1, system="other"),)),
            replace(sample(postgres()), drills=()),
        ),
        unknown=(_STACK,),
    ),
)
