"""Two instances at the least."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from inventory.app_platform import AppPlatformApp
from inventory.unknown import UNKNOWN, known
from policies.circumstances import Circumstances
from policies.rule import Rule
from policies.sample import Samples, sample
from policies.samples.digitalocean import platform_app

LEAST: Final = 2


def broken(app: AppPlatformApp, stack: Circumstances) -> Iterator[str]:
    if (fewest := known(app.minimum)) < LEAST:
        yield f"it can come down to {fewest} instance, fewer than {LEAST}"


RULE = Rule(
    name="two-instances",
    about=AppPlatformApp,
    title="An app on App Platform has at least two instances.",
    why="With one, a crash or a node that is taken away is an outage until another has started.",
    source="DigitalOcean docs, app-platform/how-to/scale-app, read 2026-08",
    remedy="set app.replicas (or app.autoscaling.minimum) to 2 or more",
    production="mandatory",
    elsewhere="off",
    broken=broken,
    samples=lambda: Samples(
        passes=(
            sample(platform_app()),
            sample(platform_app({"instance_count": None, "autoscaling": {"min_instance_count": 2}})),
        ),
        fails=(
            sample(platform_app({"instance_count": 1})),
            sample(platform_app({"instance_count": None, "autoscaling": {"min_instance_count": 1}})),
        ),
        unknown=(sample(platform_app({"instance_count": UNKNOWN})),),
    ),
)
