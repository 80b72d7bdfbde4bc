"""Arrival times are fixed beforehand, as many as planned, and fall as the rates say."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest

from ops.loadtest.schedule import schedule
from planning.load_plan import Phase
from settings.load_test import LoadRequest
from tests.loadtest.plans import plan, steady

RAMP = Phase("ramp", 0, 100, 0.001, 20, judged=False)


def test_the_same_seed_sends_the_same_requests_at_the_same_times() -> None:
    wanted = plan(steady(10, 50), a=LoadRequest(path="/a"), b=LoadRequest(path="/b"))
    assert schedule(wanted, 7) == schedule(wanted, 7)
    assert schedule(wanted, 7) != schedule(wanted, 8)


def test_every_phase_has_exactly_the_requests_of_its_rate_in_the_order_of_time() -> None:
    wanted = plan(RAMP, steady(10, 52.5, start=100))
    found = schedule(wanted, 1)
    assert (found.phase.count(0), found.phase.count(1)) == (1001, 525)
    assert wanted.total == len(found) == 1526
    assert list(found.due) == sorted(found.due)
    assert found.due[0] >= 0
    assert found.due[-1] <= 110


def test_a_ramp_has_three_quarters_of_its_requests_in_its_second_half() -> None:
    found = schedule(plan(RAMP), 1)
    late = sum(due >= 50 for due in found.due)
    assert late / len(found) == pytest.approx(0.75, abs=0.04)


def test_a_falling_ramp_mirrors_a_rising_one() -> None:
    found = schedule(plan(replace(RAMP, begin=20, end=0.001)), 1)
    assert sum(due < 50 for due in found.due) / len(found) == pytest.approx(0.75, abs=0.04)


def test_gaps_are_as_random_as_those_of_independent_visitors() -> None:
    due = schedule(plan(steady(100, 100)), 1).due
    gaps = [later - sooner for sooner, later in pairwise(due)]
    mean = sum(gaps) / len(gaps)
    spread = (sum((gap - mean) ** 2 for gap in gaps) / len(gaps)) ** 0.5
    assert spread / mean == pytest.approx(1, abs=0.05)


def test_requests_are_drawn_by_their_weight() -> None:
    often, seldom = LoadRequest(path="/a", weight=3), LoadRequest(path="/b", weight=1)
    found = schedule(plan(steady(100, 100), often=often, seldom=seldom), 1)
    assert found.request.count(0) / len(found) == pytest.approx(0.75, abs=0.02)
