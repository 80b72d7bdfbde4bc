"""Two machines at the least."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from inventory.fly_app import FlyApp
from inventory.unknown import UNKNOWN, known
from policies.circumstances import Circumstances
from policies.rule import Rule
from policies.sample import Samples, sample
from policies.samples.fly import fly_app

LEAST: Final = 2


def broken(app: FlyApp, stack: Circumstances) -> Iterator[str]:
    if app.role != "app" or known(app.single_instance):
        return
    running = known(stack.inventory.running(app)[0])
    if running < LEAST:
        yield f"{running} of its machines keep running, fewer than {LEAST}"


RULE = Rule(
    name="two-machines",
    about=FlyApp,
    title="At least two machines of an app keep running, unless its state lies in files of one.",
    why="A machine lives on one host at Fly.io. When that host fails, the app is gone until another machine starts.",
    source="fly.io docs, apps/app-availability, read 2026-08",
    remedy="set app.machines.minimum to 2 or more",
    production="mandatory",
    elsewhere="off",
    broken=broken,
    samples=lambda: Samples(
        passes=(
            sample(fly_app()),
            sample(fly_app(service={"min_machines_running": 1}, counts={"fra": 1}, singleInstance=True)),
        ),
        fails=(
            sample(fly_app(service={"min_machines_running": 1})),
            sample(fly_app(counts={"fra": 1})),
        ),
        unknown=(sample(fly_app(counts={"fra": UNKNOWN})),),
    ),
)
