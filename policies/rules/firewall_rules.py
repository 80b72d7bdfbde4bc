"""A firewall before public hosts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from inventory.unknown import UNKNOWN, known
from inventory.zone import Zone, ZoneRule
from policies.circumstances import Circumstances
from policies.rule import Rule
from policies.sample import Samples, sample
from policies.samples.cloudflare import RULES, rule, zone

PHASES: Final = ("http_request_firewall_custom", "http_request_firewall_managed")
REFUSES: Final = ("block", "managed_challenge", "js_challenge", "challenge", "execute")


def broken(found: Zone, stack: Circumstances) -> Iterator[str]:
    if found.hosts and not any(_refuses(entry) for phase in PHASES for entry in found.of_phase(phase)):
        yield f"no firewall rule refuses anything on {', '.join(found.hosts)}"


def _refuses(entry: ZoneRule) -> bool:
    return bool(known(entry.enabled)) and known(entry.action) in REFUSES


RULE = Rule(
    name="firewall-rules",
    about=Zone,
    title="A firewall rule, one's own or Cloudflare's managed ones, stands before the hosts of a zone.",
    why="Most attacks are not aimed at anybody: they try known holes everywhere, and the edge stops them for nothing.",
    source="Cloudflare docs, waf/get-started, read 2026-08",
    remedy="add rules under edge.firewall, or managed rules under edge.zone_settings.managed",
    production="mandatory",
    elsewhere="off",
    broken=broken,
    samples=lambda: Samples(
        passes=(
            sample(zone()),
            sample(
                zone(
                    rules={
                        "http_request_firewall_custom": None,
                        "http_request_firewall_managed": [rule("zone_managed", "execute", "true")],
                    }
                )
            ),
            *(
                sample(zone(rules={"http_request_firewall_custom": [rule("shop_doubtful", action)]}))
                for action in ("managed_challenge", "js_challenge", "challenge")
            ),
        ),
        fails=(
            sample(zone(rules={"http_request_firewall_custom": None})),
            sample(zone(rules={"http_request_firewall_custom": [rule("shop_test", "skip")]})),
            sample(zone(rules={"http_request_firewall_custom": [{**RULES[PHASES[0]][0], "enabled": False}]})),
        ),
        unknown=(sample(zone(rules={"http_request_firewall_custom": UNKNOWN})),),
    ),
)
