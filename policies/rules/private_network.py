"""Data that stays on the private network."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.app_platform import AppPlatformApp
from inventory.unknown import UNKNOWN, known
from policies.circumstances import Circumstances
from policies.rule import Rule
from policies.sample import Samples, sample
from policies.samples.digitalocean import platform_app, postgres


def broken(app: AppPlatformApp, stack: Circumstances) -> Iterator[str]:
    if any(cluster.system == app.system for cluster in stack.inventory.clusters) and not known(app.networked):
        yield "it reaches its clusters over the internet: it is in no private network"


RULE = Rule(
    name="private-network",
    about=AppPlatformApp,
    title="An app with clusters is in their private network.",
    why="Between regions of the internet everybody on the way sees who talks to whom, and how much.",
    source="DigitalOcean docs, app-platform/how-to/enable-vpc, read 2026-08",
    remedy="leave the app in the network of its clusters (vpcs in its spec)",
    production="mandatory",
    elsewhere="advisory",
    broken=broken,
    samples=lambda: Samples(
        passes=(
            sample(platform_app(), postgres()),
            sample(platform_app(spec={"vpcs": None})),
            sample(platform_app(spec={"vpcs": None}), postgres(system="other")),
        ),
        fails=(sample(platform_app(spec={"vpcs": None}), postgres()),),
        unknown=(sample(platform_app(spec={"vpcs": UNKNOWN}), postgres()),),
    ),
)
