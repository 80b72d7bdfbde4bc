"""A gate before each release."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.fly_app import FlyApp
from inventory.unknown import UNKNOWN, known
from policies.circumstances import Circumstances
from policies.rule import Rule
from policies.sample import Samples, sample
from policies.samples.fly import fly_app, fly_part


def broken(app: FlyApp, stack: Circumstances) -> Iterator[str]:
    if app.role == "app" and known(app.gate_successes) < 1:
        yield "a release stands without an answer from outside"


RULE = Rule(
    name="release-gate",
    about=FlyApp,
    title="A release of an app stands only when it has answered from outside.",
    why="To flyctl a release is good once its machines have started. Only an answer through the proxy shows that "
    "visitors get one.",
    source="docs/deviations.md, on the gate of a release",
    remedy="set app.deploy.gate_successes to 1 or more",
    production="mandatory",
    elsewhere="mandatory",
    broken=broken,
    samples=lambda: Samples(
        passes=(
            sample(fly_app(gate={"successes": 1})),
            sample(fly_part("PgBouncer")),
        ),
        fails=(sample(fly_app(gate={"successes": 0})),),
        unknown=(sample(fly_app(gate={"successes": UNKNOWN})),),
    ),
)
