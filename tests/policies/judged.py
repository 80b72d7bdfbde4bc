"""Samples, judged by a rule; an inventory is made once for each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from inventory.stack import Inventory
from policies.audit import audit
from policies.finding import Audit
from policies.registry import registry
from policies.rule import Rule
from policies.sample import Sample

KINDS = ("passes", "fails", "unknown")
_inventories: dict[int, tuple[Sample, Inventory]] = {}


def judge(rule: Rule[Any], found: Sample, inventory: Inventory | None = None) -> Audit:
    """What the rule says about the sample, at a level that counts; about `inventory` where an engine told it."""
    if inventory is None:
        _, inventory = _inventories.get(id(found)) or _inventories.setdefault(id(found), (found, found.inventory))
    loud = replace(rule, production="mandatory", elsewhere="mandatory")
    return audit(found.circumstances(inventory), [loud])


def wrong(rule: Rule[Any], kind: str, found: Sample, inventory: Inventory | None = None) -> str:
    """What the rule gets wrong about a sample of a kind; empty where it is right."""
    verdict = judge(rule, found, inventory)
    messages = [finding.message for finding in verdict.findings]
    match kind:
        case "fails" if not messages:
            return "nothing is found"
        case "passes" if messages or verdict.undecided:
            return f"found {messages}, undecided {verdict.undecided}"
        case "unknown" if messages or not verdict.undecided:
            return f"found {messages}, and {len(verdict.undecided)} undecided"
        case _:
            return ""


def samples(rule: Rule[Any]) -> Iterator[tuple[str, int, Sample]]:
    """All of a rule's samples: their kind, their number, themselves."""
    made = rule.samples()
    for kind in KINDS:
        for number, found in enumerate(getattr(made, kind)):
            yield kind, number, found


ALL = {
    f"{rule.name}-{kind}-{number}": (rule, kind, found)
    for rule in registry().values()
    for kind, number, found in samples(rule)
}

FIRST = {label.removesuffix("-0"): entry for label, entry in ALL.items() if label.endswith("-0")}
"""The first of each kind, which also goes through the engine."""
