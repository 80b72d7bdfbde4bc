"""A rate limit before public APIs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from inventory.unknown import UNKNOWN, known
from inventory.zone import Zone, ZoneRule
from policies.circumstances import Circumstances
from policies.rule import Rule
from policies.sample import Samples, sample
from policies.samples.cloudflare import RULES, zone

PHASE: Final = "http_ratelimit"


def broken(found: Zone, stack: Circumstances) -> Iterator[str]:
    if found.hosts and not any(_limits(entry) for entry in found.of_phase(PHASE)):
        yield f"nothing limits how often an address may ask {', '.join(found.hosts)}"


def _limits(entry: ZoneRule) -> bool:
    return bool(known(entry.enabled)) and known(entry.ratelimit) is not None


RULE = Rule(
    name="api-rate-limit",
    about=Zone,
    title="A rate limit stands before the hosts of a zone.",
    why="One client in a loop, or one that guesses passwords, is otherwise a matter of the origin's machines.",
    source="Cloudflare docs, waf/rate-limiting-rules, read 2026-08",
    remedy="add a rule under edge.rate_limits for the paths of the API",
    production="mandatory",
    elsewhere="off",
    broken=broken,
    samples=lambda: Samples(
        passes=(sample(zone()),),
        fails=(
            sample(zone(rules={PHASE: None})),
            sample(zone(rules={PHASE: [{**RULES[PHASE][0], "enabled": False}]})),
        ),
        unknown=(sample(zone(rules={PHASE: UNKNOWN})),),
    ),
)
