"""Sizes that still exist."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.app_platform import AppPlatformApp
from inventory.unknown import UNKNOWN, known
from policies.circumstances import Circumstances
from policies.rule import Rule
from policies.sample import Samples, sample
from policies.samples.digitalocean import platform_app
from settings.digitalocean import DEPRECATED_SIZES, INSTANCE_SIZES


def broken(app: AppPlatformApp, stack: Circumstances) -> Iterator[str]:
    size = known(app.size)
    if successor := DEPRECATED_SIZES.get(size):
        yield f"the instance size {size} was withdrawn; its successor is {successor}"
    elif size not in INSTANCE_SIZES:
        yield f"{size} is no instance size of App Platform"


RULE = Rule(
    name="current-size",
    about=AppPlatformApp,
    title="Instances have a size that App Platform still offers.",
    why="Apps keep a withdrawn size until their next change, which is then refused, maybe in the middle of a repair.",
    source="DigitalOcean API description, apps_instance_size, read 2026-08",
    remedy="set app.size to the successor",
    production="mandatory",
    elsewhere="mandatory",
    broken=broken,
    samples=lambda: Samples(
        passes=(sample(platform_app()),),
        fails=(
            sample(platform_app({"instance_size_slug": "basic-xs"})),
            sample(platform_app({"instance_size_slug": "apps-s-3vcpu-1gb"})),
        ),
        unknown=(sample(platform_app({"instance_size_slug": UNKNOWN})),),
    ),
)
