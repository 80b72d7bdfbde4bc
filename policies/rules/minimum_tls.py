"""No TLS older than 1.2."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from inventory.unknown import UNKNOWN, known
from inventory.zone import Zone
from policies.circumstances import Circumstances
from policies.rule import Rule
from policies.sample import Samples, sample
from policies.samples.cloudflare import zone

GOOD: Final = ("1.2", "1.3")


def broken(found: Zone, stack: Circumstances) -> Iterator[str]:
    if "min_tls_version" in found.settings and (oldest := known(found.settings["min_tls_version"])) not in GOOD:
        yield f"visitors may speak TLS {oldest}"


RULE = Rule(
    name="minimum-tls",
    about=Zone,
    title="Visitors of a zone speak TLS 1.2 or newer.",
    why="TLS 1.0 and 1.1 are broken and withdrawn.",
    source="RFC 8996; Cloudflare docs, ssl/edge-certificates/additional-options/minimum-tls; read 2026-08",
    remedy='set edge.zone_settings.minimum_tls: "1.2"',
    production="mandatory",
    elsewhere="mandatory",
    broken=broken,
    samples=lambda: Samples(
        passes=(
            sample(zone({"min_tls_version": "1.2"})),
            sample(zone({"min_tls_version": "1.3"})),
            sample(zone({"min_tls_version": None})),
        ),
        fails=(
            sample(zone({"min_tls_version": "1.1"})),
            sample(zone({"min_tls_version": "1.0"})),
        ),
        unknown=(sample(zone({"min_tls_version": UNKNOWN})),),
    ),
)
