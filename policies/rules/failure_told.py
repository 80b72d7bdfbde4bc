"""Failed deployments that somebody hears of."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from inventory.app_platform import AppPlatformApp
from inventory.unknown import UNKNOWN, known
from policies.circumstances import Circumstances
from policies.rule import Rule
from policies.sample import Samples, sample
from policies.samples.digitalocean import platform_app

FAILED: Final = "DEPLOYMENT_FAILED"


def broken(app: AppPlatformApp, stack: Circumstances) -> Iterator[str]:
    if not any(known(alert.rule) == FAILED and known(alert.told) for alert in known(app.alerts)):
        yield "nobody is told when a deployment fails"


RULE = Rule(
    name="failure-told",
    about=AppPlatformApp,
    title="Somebody is told when a deployment fails.",
    why="App Platform goes on with the old deployment when a new one fails, and nothing looks any different.",
    source="DigitalOcean docs, app-platform/how-to/create-alerts, read 2026-08",
    remedy="set monitoring.notify",
    production="mandatory",
    elsewhere="advisory",
    broken=broken,
    samples=lambda: Samples(
        passes=(sample(platform_app()),),
        fails=(
            sample(platform_app(spec={"alerts": [{"rule": "DEPLOYMENT_FAILED"}]})),
            sample(platform_app(spec={"alerts": None})),
        ),
        unknown=(sample(platform_app(spec={"alerts": UNKNOWN})),),
    ),
)
