"""Holds a stack to the rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from inventory.item import Item
from inventory.stack import Inventory
from inventory.system import System
from inventory.unknown import UnknownValueError
from policies.change import Change
from policies.circumstances import Circumstances
from policies.finding import Audit, Finding, Undecided
from policies.registry import registry
from policies.rule import Rule
from settings.policies import Waiver


def audit(circumstances: Circumstances, rules: Iterable[Rule[Any]] | None = None) -> Audit:
    """What the rules (all of them, unless some are given) find in a stack, and what they cannot decide yet."""
    findings: list[Finding] = []
    undecided: list[Undecided] = []
    for rule in registry().values() if rules is None else rules:
        for found in _judge(rule, circumstances):
            (findings if isinstance(found, Finding) else undecided).append(found)  # type: ignore[arg-type]
    return Audit(tuple(sorted(findings)), tuple(sorted(undecided)))


def _judge(rule: Rule[Any], circumstances: Circumstances) -> Iterator[Finding | Undecided]:
    level = circumstances.policies.levels.get(rule.name) or rule.level(circumstances.inventory.environment)
    if level == "off":
        return
    for subject in _subjects(rule, circumstances):
        resource, system = _name(subject)
        try:
            messages = list(rule.broken(subject, circumstances))
        except UnknownValueError:
            yield Undecided(rule.name, resource, level)
            continue
        for message in messages:
            yield Finding(
                rule=rule.name,
                resource=resource,
                message=f"{resource}: {message}",
                level=level,
                system=system,
                remedy=rule.remedy,
                waived=_waived(rule.name, resource, circumstances),
            )


def _subjects(rule: Rule[Any], circumstances: Circumstances) -> Iterator[Any]:
    if rule.about is Inventory:
        yield circumstances.inventory
    elif rule.about is Change:
        yield from circumstances.changes
    elif rule.about is System:
        yield from (System(name=name, system=name) for name in circumstances.inventory.systems)
    else:
        yield from (item for item in circumstances.inventory.items if isinstance(item, rule.about))


def _name(subject: Item | Inventory | Change) -> tuple[str, str | None]:
    match subject:
        case Inventory():
            return subject.stack, None
        case Change():
            return subject.name, None
        case _:
            return subject.name, subject.system


def _waived(rule: str, resource: str, circumstances: Circumstances) -> str | None:
    waivers: Iterable[Waiver] = circumstances.policies.waivers
    for waiver in waivers:
        if (waiver.rule, waiver.resource) == (rule, resource) and circumstances.today <= waiver.last_day:
            return f"{waiver.reason} (until {waiver.expires})"
    return None
