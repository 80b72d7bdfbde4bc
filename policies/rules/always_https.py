"""No page over plain HTTP."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.unknown import UNKNOWN, known
from inventory.zone import Zone
from policies.circumstances import Circumstances
from policies.rule import Rule
from policies.sample import Samples, sample
from policies.samples.cloudflare import zone


def broken(found: Zone, stack: Circumstances) -> Iterator[str]:
    if found.hosts and known(found.settings.get("always_use_https")) != "on":
        yield "Cloudflare answers plain HTTP instead of sending visitors to HTTPS"


RULE = Rule(
    name="always-https",
    about=Zone,
    title="Cloudflare redirects plain HTTP to HTTPS.",
    why="A first visit over HTTP can be changed by everybody between visitor and edge.",
    source="Cloudflare docs, ssl/edge-certificates/additional-options/always-use-https, read 2026-08",
    remedy="leave always_use_https on among the settings of the zone",
    production="mandatory",
    elsewhere="mandatory",
    broken=broken,
    samples=lambda: Samples(
        passes=(sample(zone()),),
        fails=(
            sample(zone({"always_use_https": "off"})),
            sample(zone({"always_use_https": None})),
        ),
        unknown=(sample(zone({"always_use_https": UNKNOWN})),),
    ),
)
