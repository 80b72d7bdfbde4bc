"""Metrics that visitors do not see."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.fly_app import FlyApp
from inventory.unknown import UNKNOWN, known
from policies.circumstances import Circumstances
from policies.rule import Rule
from policies.sample import Samples, sample
from policies.samples.fly import fly_app


def broken(app: FlyApp, stack: Circumstances) -> Iterator[str]:
    public = {known(service.internal_port) for service in known(app.services)}
    for metrics in known(app.metrics):
        if known(metrics.port) in public:
            yield f"everybody can read its metrics at {metrics.path}, on the port that visitors get"


RULE = Rule(
    name="metrics-private",
    about=FlyApp,
    title="Metrics are served on a port of their own.",
    why="Metrics tell how much a system is used and where it is weak. Fly.io reads them on any port.",
    source="fly.io docs, monitoring/metrics, read 2026-08",
    remedy="serve metrics on another port and set app.metrics.port",
    production="advisory",
    elsewhere="advisory",
    broken=broken,
    samples=lambda: Samples(
        passes=(sample(fly_app({"metrics": [{"port": 9091, "path": "/metrics"}]})),),
        fails=(sample(fly_app({"metrics": [{"port": 8080, "path": "/metrics"}]})),),
        unknown=(sample(fly_app({"metrics": [{"port": UNKNOWN, "path": "/metrics"}]})),),
    ),
)
