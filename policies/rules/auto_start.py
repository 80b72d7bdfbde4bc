"""Machines that wake up again."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.fly_app import FlyApp
from inventory.unknown import UNKNOWN, known
from policies.circumstances import Circumstances
from policies.rule import Rule
from policies.sample import Samples, sample
from policies.samples.fly import fly_app


def broken(app: FlyApp, stack: Circumstances) -> Iterator[str]:
    for service in known(app.services):
        if known(service.auto_stop) != "off" and not known(service.auto_start):
            yield f"the proxy stops its machines ({service.auto_stop}) and never starts one"


RULE = Rule(
    name="auto-start",
    about=FlyApp,
    title="Where the proxy stops machines, it starts them as well.",
    why="Machines that stop one by one and never start end as an app that is off.",
    source="fly.io docs, reference/configuration (auto_start_machines), read 2026-08",
    remedy="set app.machines.when_idle to stop, suspend or keep",
    production="mandatory",
    elsewhere="mandatory",
    broken=broken,
    samples=lambda: Samples(
        passes=(
            sample(fly_app()),
            sample(fly_app(service={"auto_stop_machines": "off", "auto_start_machines": False})),
        ),
        fails=(sample(fly_app(service={"auto_start_machines": False})),),
        unknown=(sample(fly_app(service={"auto_start_machines": UNKNOWN})),),
    ),
)
