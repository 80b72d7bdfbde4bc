"""Apps near what they ask."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.system import System
from inventory.unknown import UNKNOWN, known
from policies.circumstances import Circumstances
from policies.rule import Rule
from policies.sample import Samples, sample
from policies.samples.digitalocean import platform_app, postgres
from policies.samples.fly import fly_app, fly_part


def broken(system: System, stack: Circumstances) -> Iterator[str]:
    """DigitalOcean's app regions are clusters' regions without their number: fra, fra1."""
    here = {known(app.region) for app in stack.inventory.fly_apps if app.system == system.name}
    if len(here) > 1:
        yield f"its apps are in different regions: {', '.join(sorted(here))}"
    for app in stack.inventory.platform_apps:
        for cluster in stack.inventory.clusters:
            if app.system == cluster.system == system.name and known(cluster.region)[:3] != known(app.region):
                yield f"its app is in {app.region} and {cluster.cluster} in {cluster.region}"


RULE = Rule(
    name="one-region",
    about=System,
    title="The parts of a system are in one region.",
    why="Every question to a database or Redis in another region takes tens of milliseconds, and a page asks many.",
    source="fly.io docs, reference/regions; DigitalOcean docs, platform/regional-availability; read 2026-08",
    remedy="set the same region for the app and what it asks",
    production="mandatory",
    elsewhere="advisory",
    broken=broken,
    samples=lambda: Samples(
        passes=(
            sample(fly_app(), fly_part("Redis")),
            sample(platform_app(), postgres()),
            sample(platform_app(), postgres(system="other", region="nyc1")),
            sample(fly_app(), fly_part("Redis", {"primary_region": "ams"}, system="other")),
        ),
        fails=(
            sample(fly_app(), fly_part("Redis", {"primary_region": "ams"})),
            sample(platform_app(), postgres(region="nyc1")),
        ),
        unknown=(sample(platform_app(), postgres(region=UNKNOWN)),),
    ),
)
