"""Doors in the firewall that want a key."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from inventory.unknown import UNKNOWN, Unknown, known
from inventory.zone import Zone
from policies.circumstances import Circumstances
from policies.rule import Rule
from policies.sample import Samples, sample
from policies.samples.cloudflare import rule, zone

PHASE: Final = "http_request_firewall_custom"
NAMED: Final = re.compile(r"(?<!!)(?<!!\()(?<!not )(?<!not \()\bip\.src\s*(in\b|eq\b|==)")
"""Neither `ip.src.country` nor "all addresses but these" names anybody."""


def broken(found: Zone, stack: Circumstances) -> Iterator[str]:
    for entry in found.of_phase(PHASE):
        # A secret in the expression hides all of it.
        if known(entry.action) != "skip" or not known(entry.enabled) or isinstance(entry.expression, Unknown):
            continue
        if not NAMED.search(entry.expression):
            yield f"its rule {entry.ref} lets everybody skip the firewall who knows how: {entry.expression}"


RULE = Rule(
    name="guarded-skip",
    about=Zone,
    title="Who skips the firewall shows a secret or comes from an address that is named.",
    why="A header that anybody can send, or a path that anybody can ask for, is no key.",
    source="Cloudflare docs, waf/custom-rules/skip, read 2026-08",
    remedy="bind the skip to a secret header or to addresses under edge.firewall",
    production="mandatory",
    elsewhere="mandatory",
    broken=broken,
    samples=lambda: Samples(
        passes=(
            sample(zone(rules={PHASE: [rule("shop_test", "skip", UNKNOWN)]})),
            sample(zone(rules={PHASE: [rule("shop_test", "skip", "ip.src in {203.0.113.7}")]})),
            sample(zone(rules={PHASE: [rule("shop_test", "skip", 'http.user_agent eq "test"', enabled=False)]})),
            sample(zone()),
        ),
        fails=(
            sample(zone(rules={PHASE: [rule("shop_test", "skip", 'http.user_agent eq "test"')]})),
            sample(zone(rules={PHASE: [rule("shop_test", "skip", 'ip.src.country eq "DE"')]})),
            sample(zone(rules={PHASE: [rule("shop_test", "skip", "not ip.src in {203.0.113.7}")]})),
            sample(zone(rules={PHASE: [rule("shop_test", "skip", "ip.src ne 203.0.113.7")]})),
        ),
        unknown=(sample(zone(rules={PHASE: [rule("shop_test", UNKNOWN)]})),),
    ),
)
