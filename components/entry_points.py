"""The entry point rulesets that a zone has already, and which of them this stack may take over."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from components import sdk
from planning.edge_rulesets import ZonePlan


class ForeignRulesetError(Exception):
    """A zone has rules of somebody else where this stack wants its own. The message shows all of them."""


@dataclass(frozen=True)
class EntryPoint:
    """An existing entry point. `adopted`: it was not made by this stack. `taken_over`: this run takes it over."""

    id: str
    name: str
    adopted: bool
    taken_over: bool


def entry_points(
    plan: ZonePlan, zone_id: str, adopt: Mapping[Any, str], deployed: Mapping[str, str], own_name: str
) -> dict[str, EntryPoint]:
    """By phase, what exists already. `deployed` holds the ruleset ids of the last run.

    Raises ForeignRulesetError with the content of every entry point that is neither this stack's nor named in `adopt`.
    An entry point without rules is nobody's loss and is taken over. Costs one request to Cloudflare, and one more for
    each ruleset of somebody else.
    """
    wanted = {ruleset.phase for ruleset in plan.rulesets}
    listed = sdk.load("pulumi_cloudflare.get_rulesets").get_rulesets(zone_id=zone_id)
    found: dict[str, EntryPoint] = {}
    foreign: list[str] = []
    for entry in listed.rulesets:
        if entry.kind != "zone" or entry.phase not in wanted:
            continue
        known = deployed.get(entry.phase) == entry.id
        if entry.name == own_name:
            continue
        if not known:
            rules = _rules(zone_id, entry.id)
            if rules and adopt.get(entry.phase) != entry.id:
                foreign += _shown(plan.zone, entry, rules)
        found[entry.phase] = EntryPoint(entry.id, entry.name, adopted=True, taken_over=not known)
    if foreign:
        raise ForeignRulesetError("\n".join(foreign))
    return found


def _rules(zone_id: str, ruleset_id: str) -> list[Any]:
    ruleset = sdk.load("pulumi_cloudflare.get_ruleset").get_ruleset(zone_id=zone_id, ruleset_id=ruleset_id)
    return list(ruleset.rules or [])


def _shown(zone: str, entry: Any, rules: list[Any]) -> Iterator[str]:
    yield (
        f"{zone} has a ruleset {entry.name!r} in the phase {entry.phase} that this stack did not make, with "
        f"{len(rules)} rules; taking it over replaces them:"
    )
    for number, rule in enumerate(rules, 1):
        state = "" if rule.enabled in {None, True} else " (off)"
        yield f"  {number}. {rule.action}{state} when {rule.expression}  {rule.description or rule.ref or ''}".rstrip()
    yield (
        "  copy what is needed into the system's edge, then set "
        f"edge.zone_settings.adopt: {{{entry.phase}: {entry.id}}}"
    )
