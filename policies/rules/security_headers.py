"""Headers that keep browsers safe."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from inventory.unknown import UNKNOWN, known
from inventory.zone import Zone
from policies.circumstances import Circumstances
from policies.rule import Rule
from policies.sample import Samples, sample
from policies.samples.cloudflare import HEADERS, rule, zone

PHASE: Final = "http_response_headers_transform"
NEEDED: Final = ("referrer-policy", "x-content-type-options", "x-frame-options")


def broken(found: Zone, stack: Circumstances) -> Iterator[str]:
    if not found.hosts:
        return
    present: set[str] = set()
    for entry in found.of_phase(PHASE):
        if known(entry.enabled):
            headers = known(known(entry.parameters).get("headers", {}))
            present |= {name.lower() for name, change in headers.items() if known(change)["operation"] == "set"}
    if missing := [name for name in NEEDED if name not in present]:
        yield f"answers have no {', '.join(missing)}"


RULE = Rule(
    name="security-headers",
    about=Zone,
    title="Answers through Cloudflare carry the headers that keep browsers safe.",
    why="Without them a page can be framed for click-jacking, a file be taken for a script, and addresses leak.",
    source="OWASP Secure Headers Project, read 2026-08",
    remedy="add them under edge.headers",
    production="mandatory",
    elsewhere="off",
    broken=broken,
    samples=lambda: Samples(
        passes=(sample(zone()),),
        fails=(
            sample(zone(rules={PHASE: None})),
            *(
                sample(zone(rules={PHASE: [rule("shop_headers", "rewrite", action_parameters={"headers": changed})]}))
                for name in HEADERS
                for changed in ({**HEADERS, name: {"operation": "remove"}},)
            ),
            sample(
                zone(
                    rules={
                        PHASE: [rule("shop_headers", "rewrite", enabled=False, action_parameters={"headers": HEADERS})]
                    }
                )
            ),
        ),
        unknown=(sample(zone(rules={PHASE: UNKNOWN})),),
    ),
)
