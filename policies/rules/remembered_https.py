"""Browsers that remember HTTPS."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from inventory.unknown import UNKNOWN, known
from inventory.zone import Zone
from policies.circumstances import Circumstances
from policies.rule import Rule
from policies.sample import Samples, sample
from policies.samples.cloudflare import zone

LEAST_SECONDS: Final = 15_768_000
"""Half a year, as the lists of TLS checkers ask for."""


def broken(found: Zone, stack: Circumstances) -> Iterator[str]:
    if not found.hosts:
        return
    header: Any = known(found.settings.get("security_header")) or {}
    hsts: Any = known(header.get("strict_transport_security")) or {}
    if not known(hsts.get("enabled")) or (seconds := known(hsts.get("max_age"))) is None:
        yield "browsers are not told to use HTTPS from now on (HSTS)"
    elif seconds < LEAST_SECONDS:
        yield f"browsers forget after {seconds} s that it speaks HTTPS, sooner than half a year"


HALF_A_YEAR: Final = {"strict_transport_security": {"enabled": True, "max_age": LEAST_SECONDS}}

RULE = Rule(
    name="remembered-https",
    about=Zone,
    title="Browsers are told to use HTTPS for half a year or longer.",
    why="Without HSTS each visit may begin with one plain request, which is enough to be led elsewhere.",
    source="RFC 6797; Cloudflare docs, ssl/edge-certificates/additional-options, read 2026-08",
    remedy="set edge.zone_settings.hsts, with a max_age of 183d or more",
    production="mandatory",
    elsewhere="advisory",
    broken=broken,
    samples=lambda: Samples(
        passes=(sample(zone({"security_header": HALF_A_YEAR})),),
        fails=(
            sample(zone({"security_header": {"strict_transport_security": {"enabled": True, "max_age": 15_767_999}}})),
            sample(zone({"security_header": {"strict_transport_security": {"enabled": False, "max_age": 15_768_000}}})),
            sample(zone({"security_header": {"strict_transport_security": {"enabled": True}}})),
            sample(zone({"security_header": None})),
        ),
        unknown=(
            sample(zone({"security_header": UNKNOWN})),
            sample(zone({"security_header": {"strict_transport_security": UNKNOWN}})),
            sample(zone({"security_header": {"strict_transport_security": {"enabled": True, "max_age": UNKNOWN}}})),
        ),
    ),
)
