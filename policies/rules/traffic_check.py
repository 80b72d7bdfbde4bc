"""A health check that steers traffic."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.fly_app import FlyApp
from inventory.unknown import UNKNOWN, known
from policies.circumstances import Circumstances
from policies.rule import Rule
from policies.sample import Samples, sample
from policies.samples.fly import fly_app


def broken(app: FlyApp, stack: Circumstances) -> Iterator[str]:
    if known(app.services) and not any(check.steers == "traffic" for check in known(app.checks)):
        yield "no health check steers its traffic"


RULE = Rule(
    name="traffic-check",
    about=FlyApp,
    title="An app with a service has a health check that keeps requests from machines that fail it.",
    why="Without one, Fly.io's proxy sends requests to machines that hang or have not started yet.",
    source="fly.io docs, reference/health-checks, read 2026-08",
    remedy="let one of app.checks steer traffic, with a path that depends on nothing but the process",
    production="mandatory",
    elsewhere="mandatory",
    broken=broken,
    samples=lambda: Samples(
        passes=(
            sample(fly_app()),
            sample(fly_app({"http_service": None})),
        ),
        fails=(
            sample(fly_app(service={"checks": None})),
            sample(fly_app({"checks": {"deep": {"type": "http", "port": 8080, "path": "/"}}}, service={"checks": []})),
        ),
        unknown=(sample(fly_app(service={"checks": UNKNOWN})),),
    ),
)
