"""Machines that go on serving while others are replaced."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil

from inventory.fly_app import FlyApp
from inventory.unknown import UNKNOWN, known
from policies.circumstances import Circumstances
from policies.rule import Rule
from policies.sample import Samples, sample
from policies.samples.fly import fly_app, fly_part


def broken(app: FlyApp, stack: Circumstances) -> Iterator[str]:
    machines = known(app.machines)
    if app.role != "app" or known(app.strategy) not in {"rolling", "canary"} or machines < 2:
        return
    share = known(app.max_unavailable)
    if share is None:
        return
    gone = share if share >= 1 else ceil(share * machines)
    if gone >= machines:
        yield f"a release may take all {machines} machines away at once"


RULE = Rule(
    name="rolling-capacity",
    about=FlyApp,
    title="A rolling release leaves machines that serve.",
    why="Fly.io rounds a share up: of two machines 0.51 are both.",
    source="flyctl 0.4.80, internal/command/deploy/machines_deploymachinesapp.go, read 2026-08",
    remedy="lower app.deploy.unavailable_percent",
    production="mandatory",
    elsewhere="mandatory",
    broken=broken,
    samples=lambda: Samples(
        passes=(
            sample(fly_app({"deploy": {"max_unavailable": 0.5}})),
            sample(fly_app({"deploy": {"max_unavailable": None}})),
            sample(fly_app({"deploy": {"max_unavailable": 2}}, counts={"fra": 1})),
            sample(fly_app({"deploy": {"strategy": "immediate", "max_unavailable": 2}})),
            sample(fly_app({"deploy": {"max_unavailable": 1}})),
            sample(fly_app({"deploy": {"max_unavailable": 2}}, counts={"fra": 3})),
            sample(fly_part("PgBouncer", {"deploy": {"max_unavailable": 2}}, counts={"fra": 2})),
        ),
        fails=(
            sample(fly_app({"deploy": {"max_unavailable": 0.51}})),
            sample(fly_app({"deploy": {"max_unavailable": 2}})),
            sample(fly_app({"deploy": {"strategy": "canary", "max_unavailable": 2}})),
        ),
        unknown=(sample(fly_app({"deploy": {"max_unavailable": UNKNOWN}})),),
    ),
)
