"""No canary with volumes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from inventory.fly_app import FlyApp
from inventory.unknown import UNKNOWN, known
from policies.circumstances import Circumstances
from policies.rule import Rule
from policies.sample import Samples, sample
from policies.samples.fly import fly_app, mount

POSSIBLE: Final = ("rolling", "immediate")


def broken(app: FlyApp, stack: Circumstances) -> Iterator[str]:
    if known(app.mounts) and known(app.strategy) not in POSSIBLE:
        yield f"{known(app.strategy)} puts new machines beside the old ones, which have the volumes"


RULE = Rule(
    name="volume-strategy",
    about=FlyApp,
    title="An app with volumes is deployed rolling or immediate, never as canary or bluegreen.",
    why="A volume stays with its machine. A new machine would start with an empty one, or not at all.",
    source="fly.io docs, reference/configuration (deploy.strategy); flyctl 0.4.80, validation.go; read 2026-08",
    remedy="set app.deploy.strategy: rolling",
    production="mandatory",
    elsewhere="mandatory",
    broken=broken,
    samples=lambda: Samples(
        passes=(
            sample(fly_app({"mounts": [mount()]})),
            sample(fly_app({"mounts": [mount()], "deploy": {"strategy": "immediate"}})),
            sample(fly_app({"deploy": {"strategy": "canary"}})),
        ),
        fails=(
            sample(fly_app({"mounts": [mount()], "deploy": {"strategy": "canary"}})),
            sample(fly_app({"mounts": [mount()], "deploy": {"strategy": "bluegreen"}})),
        ),
        unknown=(sample(fly_app({"mounts": [mount()], "deploy": {"strategy": UNKNOWN}})),),
    ),
)
