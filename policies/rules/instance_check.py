"""A health check before each instance."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.app_platform import AppPlatformApp
from inventory.unknown import UNKNOWN, known
from policies.circumstances import Circumstances
from policies.rule import Rule
from policies.sample import Samples, sample
from policies.samples.digitalocean import platform_app


def broken(app: AppPlatformApp, stack: Circumstances) -> Iterator[str]:
    if known(app.health) is None:
        yield "no health check decides which instances get requests"


RULE = Rule(
    name="instance-check",
    about=AppPlatformApp,
    title="App Platform asks each instance over HTTP before it gets requests.",
    why="Without a check App Platform only tries to connect: an app that answers everything with an error would "
    "replace one that works.",
    source="DigitalOcean docs, app-platform/how-to/manage-health-checks, read 2026-08",
    remedy="set app.health.path",
    production="mandatory",
    elsewhere="mandatory",
    broken=broken,
    samples=lambda: Samples(
        passes=(sample(platform_app()),),
        fails=(sample(platform_app({"health_check": None})),),
        unknown=(sample(platform_app({"health_check": UNKNOWN})),),
    ),
)
