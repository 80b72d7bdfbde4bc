"""Checks that end before they begin again."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.fly_app import FlyApp
from inventory.unknown import UNKNOWN, known
from policies.circumstances import Circumstances
from policies.rule import Rule
from policies.sample import Samples, sample
from policies.samples.fly import fly_app


def broken(app: FlyApp, stack: Circumstances) -> Iterator[str]:
    for check in known(app.checks):
        timeout, interval = known(check.timeout_seconds), known(check.interval_seconds)
        if timeout >= interval:
            yield f"its check {check.name} may take {timeout:g} s and comes every {interval:g} s"


RULE = Rule(
    name="check-times",
    about=FlyApp,
    title="A health check ends before the next one begins.",
    why="A slow app is asked again while it still works on the last question, and gets slower with each.",
    source="flyctl 0.4.80, internal/appconfig/validation.go, and fly.io docs, reference/health-checks, read 2026-08",
    remedy="make the timeout of the check shorter than its interval",
    production="mandatory",
    elsewhere="mandatory",
    broken=broken,
    samples=lambda: Samples(
        passes=(sample(fly_app(service={"checks": [{"path": "/ready", "interval": "15s", "timeout": "14s"}]})),),
        fails=(sample(fly_app(service={"checks": [{"path": "/ready", "interval": "15s", "timeout": "15s"}]})),),
        unknown=(sample(fly_app(service={"checks": [{"path": "/ready", "interval": UNKNOWN, "timeout": "15s"}]})),),
    ),
)
