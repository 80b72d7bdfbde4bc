"""TLS all the way to the origin."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from inventory.unknown import UNKNOWN, known
from inventory.zone import Zone
from policies.circumstances import Circumstances
from policies.rule import Rule
from policies.sample import Samples, sample
from policies.samples.cloudflare import zone

GOOD: Final = ("strict", "origin_pull")


def broken(found: Zone, stack: Circumstances) -> Iterator[str]:
    if "ssl" in found.settings and (mode := known(found.settings["ssl"])) not in GOOD:
        yield f"Cloudflare reaches the origin with TLS mode {mode}"


RULE = Rule(
    name="strict-tls",
    about=Zone,
    title="Cloudflare reaches the origin by TLS and checks its certificate.",
    why="Anything less sends passwords in the clear behind the edge, trusts anybody's certificate, or loops with an "
    "origin that forces HTTPS.",
    source="Cloudflare docs, ssl/origin-configuration/ssl-modes/full-strict, read 2026-08",
    remedy="leave the zone's setting ssl at strict",
    production="mandatory",
    elsewhere="mandatory",
    broken=broken,
    samples=lambda: Samples(
        passes=(
            sample(zone()),
            sample(zone({"ssl": "origin_pull"})),
            sample(zone({"ssl": None})),
        ),
        fails=(
            sample(zone({"ssl": "full"})),
            sample(zone({"ssl": "flexible"})),
        ),
        unknown=(sample(zone({"ssl": UNKNOWN})),),
    ),
)
