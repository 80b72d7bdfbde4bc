"""Time to finish."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from inventory.fly_app import FlyApp
from inventory.unknown import UNKNOWN, known
from policies.circumstances import Circumstances
from policies.rule import Rule
from policies.sample import Samples, sample
from policies.samples.fly import fly_app, fly_part

LEAST_SECONDS: Final = 5
"""Fly.io's own default. Less cuts requests off that others finish."""


def broken(app: FlyApp, stack: Circumstances) -> Iterator[str]:
    if app.role != "app":
        return
    if known(app.kill_signal) is None:
        yield "nothing says which signal stops it"
    seconds = known(app.kill_seconds)
    if seconds is None or seconds < LEAST_SECONDS:
        yield f"it has less than {LEAST_SECONDS} s to finish when it is stopped"


RULE = Rule(
    name="graceful-stop",
    about=FlyApp,
    title="An app is stopped by a signal that is named, and has five seconds or more to finish.",
    why="Every release stops every machine. Without time, each release cuts off the requests that are under way.",
    source="fly.io docs, reference/configuration (kill_signal, kill_timeout), read 2026-08",
    remedy="set app.shutdown.signal, and app.shutdown.timeout to 5s or more",
    production="mandatory",
    elsewhere="advisory",
    broken=broken,
    samples=lambda: Samples(
        passes=(
            sample(fly_app({"kill_timeout": "5s"})),
            sample(fly_part("Redis", {"kill_signal": None, "kill_timeout": None})),
        ),
        fails=(
            sample(fly_app({"kill_timeout": "4s"})),
            sample(fly_app({"kill_timeout": None})),
            sample(fly_app({"kill_signal": None})),
        ),
        unknown=(sample(fly_app({"kill_timeout": UNKNOWN})),),
    ),
)
