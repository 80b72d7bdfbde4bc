"""Time to finish on App Platform."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from inventory.app_platform import AppPlatformApp
from inventory.unknown import UNKNOWN, known
from policies.circumstances import Circumstances
from policies.rule import Rule
from policies.sample import Samples, sample
from policies.samples.digitalocean import platform_app

LEAST_SECONDS: Final = 30


def broken(app: AppPlatformApp, stack: Circumstances) -> Iterator[str]:
    grace = known(app.grace_seconds)
    # Where a spec does not say, App Platform waits two minutes.
    if grace is not None and grace < LEAST_SECONDS:
        yield f"an instance is killed less than {LEAST_SECONDS} s after it is asked to stop"


RULE = Rule(
    name="drain-time",
    about=AppPlatformApp,
    title="An instance has half a minute or more to finish.",
    why="The apps of this project finish within 30 s of the signal. Killed before, they cut off what is under way.",
    source="DigitalOcean docs, app-platform/how-to/configure-termination, read 2026-08",
    remedy="raise app.shutdown.grace to 30s or more",
    production="mandatory",
    elsewhere="advisory",
    broken=broken,
    samples=lambda: Samples(
        passes=(
            sample(platform_app({"termination": {"grace_period_seconds": 30}})),
            sample(platform_app({"termination": None})),
        ),
        fails=(sample(platform_app({"termination": {"grace_period_seconds": 29}})),),
        unknown=(sample(platform_app({"termination": {"grace_period_seconds": UNKNOWN}})),),
    ),
)
