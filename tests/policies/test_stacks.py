"""The project's own stacks keep the policies, and what they waive is worth waiving."""

from __future__ import annotations

from datetime import date

import pytest

from inventory.from_settings import from_settings
from policies.audit import audit
from policies.circumstances import Circumstances
from policies.finding import Audit
from policies.spending import monthly_usd
from policies.waivers import doubts
from tests.stacks import loaded
from tests.test_main import ROOT, STACKS

TODAY = date(2026, 11, 22)


def audited(stack: str) -> Audit:
    found = loaded(stack)
    inventory = from_settings(found)
    cost = monthly_usd(ROOT, inventory, found.policies, TODAY)
    return audit(Circumstances(inventory=inventory, today=TODAY, policies=found.policies, monthly_usd=cost))


@pytest.mark.parametrize("stack", STACKS)
def test_a_stack_keeps_the_policies(stack: str) -> None:
    assert [finding.message for finding in audited(stack).findings if finding.fails] == []


@pytest.mark.parametrize("stack", STACKS)
def test_each_waiver_is_for_a_finding(stack: str) -> None:
    found = loaded(stack)
    waived = {(finding.rule, finding.resource) for finding in audited(stack).findings if finding.waived}
    assert {(waiver.rule, waiver.resource) for waiver in found.policies.waivers} == waived
    assert list(doubts(found.policies, from_settings(found))) == []


@pytest.mark.parametrize("stack", STACKS)
def test_settings_decide_every_rule_that_counts(stack: str) -> None:
    assert [found for found in audited(stack).undecided if found.level == "mandatory"] == []
