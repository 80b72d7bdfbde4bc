"""One machine where state lies in files."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.fly_app import FlyApp
from inventory.unknown import UNKNOWN, known
from policies.circumstances import Circumstances
from policies.rule import Rule
from policies.sample import Samples, sample
from policies.samples.fly import fly_app, mount


def broken(app: FlyApp, stack: Circumstances) -> Iterator[str]:
    if known(app.single_instance) and known(app.machines) > 1:
        yield f"its state lies in files, and {known(app.machines)} machines would each have their own"


RULE = Rule(
    name="one-file-state",
    about=FlyApp,
    title="An app whose state lies in files on a volume has one machine.",
    why="Fly.io copies no volume to another. Visitors would see what their machine happens to have.",
    source="fly.io docs, volumes/overview, read 2026-08",
    remedy="set app.machines.maximum: 1, or move the state to a database",
    production="mandatory",
    elsewhere="mandatory",
    broken=broken,
    samples=lambda: Samples(
        passes=(
            sample(fly_app({"mounts": [mount()]}, counts={"fra": 1}, singleInstance=True)),
            sample(fly_app({"mounts": [mount()]})),
        ),
        fails=(sample(fly_app({"mounts": [mount()]}, singleInstance=True)),),
        unknown=(sample(fly_app(counts=UNKNOWN, singleInstance=True)),),
    ),
)
