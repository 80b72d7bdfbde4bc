"""Names that tell environments apart."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.fly_app import FlyApp
from inventory.unknown import UNKNOWN, known
from policies.circumstances import Circumstances
from policies.rule import Rule
from policies.sample import Samples, sample
from policies.samples.fly import fly_app


def broken(app: FlyApp, stack: Circumstances) -> Iterator[str]:
    environment = stack.inventory.environment
    if not stack.production and environment not in known(app.app).split("-"):
        yield f"its name {app.app} does not say that it belongs to {environment}"


RULE = Rule(
    name="environment-names",
    about=FlyApp,
    title="Outside production the name of an app says which environment it belongs to.",
    why="All apps of an organization stand in one list. Whoever restarts the wrong one was misled by a name.",
    source="docs/deviations.md, on names",
    remedy="leave the environment in the name",
    production="mandatory",
    elsewhere="mandatory",
    broken=broken,
    samples=lambda: Samples(
        passes=(
            sample(fly_app()),
            sample(fly_app(system="shop-staging")).elsewhere(),
        ),
        fails=(
            sample(fly_app()).elsewhere(),
            sample(fly_app(system="shopstaging")).elsewhere(),
        ),
        unknown=(sample(fly_app(app=UNKNOWN)).elsewhere(),),
    ),
)
