"""What a stack file says about policies: levels, a budget, waivers."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from settings.policies import Policies, Waiver
from settings.validate import broken_rules

WAIVER = {"rule": "two-machines", "resource": "shop-release", "reason": "a test", "expires": "2027-03-31"}


def policies(**values: Any) -> Policies:
    return Policies.model_validate_json(json.dumps(values))


def test_nothing_is_said_by_default() -> None:
    assert policies() == Policies(levels={}, budget_usd=None, waivers=())


@pytest.mark.parametrize("expires", ["2027-03-31", "2027-03-31T00:00:00Z", "2027-03-31 00:00:00 +0000 UTC"])
def test_a_day_is_the_same_whether_pulumi_took_it_for_a_time_or_not(expires: str) -> None:
    (waiver,) = policies(waivers=[{**WAIVER, "expires": expires}]).waivers
    assert waiver.last_day == date(2027, 3, 31)


@pytest.mark.parametrize("expires", ["2027-02-29", "31.03.2027", "2027-03-31T12:00:00Z", "", 20270331])
def test_what_is_no_day_is_refused(expires: object) -> None:
    with pytest.raises(ValidationError):
        policies(waivers=[{**WAIVER, "expires": expires}])


@pytest.mark.parametrize(
    "values",
    [
        {"budget_usd": 0},
        {"budget_usd": 1.5},
        {"levels": {"two-machines": "never"}},
        {"levels": {"Two machines": "off"}},
        {"waivers": [{key: value for key, value in WAIVER.items() if key != "reason"}]},
        {"waivers": [{**WAIVER, "reason": ""}]},
        {"waiver": []},
    ],
)
def test_what_means_nothing_is_refused(values: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        policies(**values)


def test_a_finding_is_waived_once() -> None:
    twice = policies(waivers=[WAIVER, {**WAIVER, "expires": "2027-04-30"}])
    (found,) = (broken for _, broken in broken_rules(twice))
    assert (found.path, found.rule) == (("waivers", 1), "two-machines is waived for shop-release already")


def test_a_waiver_of_another_resource_is_another_one() -> None:
    assert list(broken_rules(policies(waivers=[WAIVER, {**WAIVER, "resource": "blog-release"}]))) == []
    assert Waiver(**WAIVER).resource == "shop-release"
