"""Changes are told in plain words, each with what it puts at risk."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from report.preview import Operation
from report.risk import HARMLESS, KNOWN, TABLE, UNKNOWN_TYPE, Risk
from report.words import WORDS
from tests.report.record import stream
from tests.report.reports import recorded, report, step, summary, update

RELEASE = "fly:index:Release"
VOLUME = "fly:index:Volume"
APP = "digitalocean:index/app:App"
CLUSTER = "digitalocean:index/databaseCluster:DatabaseCluster"
RULESET = "cloudflare:index/ruleset:Ruleset"
CASES = Path(__file__).parent / "cases"
RECORD = "cloudflare:index/dnsRecord:DnsRecord"


def cases(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((CASES / f"{name}.yaml").read_text(encoding="utf-8"))
    return loaded


def test_the_planted_changes_are_named_and_nothing_else() -> None:
    told = {
        f"{change.operation.value} {change.noun} {change.title}": change.risk.value if change.risk else None
        for change in recorded("planted").changes
    }
    assert told == {
        "replace volume tattoo-contest/contest_data": "data",
        "update ruleset firewall rules": "traffic",
        "update ruleset response headers": "traffic",
        "create DNS record shop.tetrixcorp.com CNAME": "traffic",
        "create Worker route shop.tetrixcorp.com/*": "traffic",
        "update release paintbox": "restart",
    }


def test_the_planted_changes_are_told_with_old_and_new() -> None:
    told = {change.title: change.sentences for change in recorded("planted").changes}
    assert told["paintbox"] == ("memory of each machine: 2,048 MB → 4,096 MB",)
    assert told["tattoo-contest/contest_data"] == ("1 of 8 GB in iad",)
    assert told["shop.tetrixcorp.com CNAME"][1] == "through Cloudflare's proxy"
    (hosts, rule) = told["firewall rules"]
    assert '"shop.tetrixcorp.com"' in hosts
    assert rule.startswith('rule tetrix_xss: removed (was block where http.host in {"code-academy')


def test_the_planted_changes_are_priced() -> None:
    made = recorded("planted")
    prices = {urn.rpartition("::")[2]: (str(step.low), str(step.high)) for urn, step in made.pricing.steps.items()}
    assert prices == {"paintbox-release": ("28.63", "85.89")}


@pytest.mark.parametrize(
    ("name", "stack"), [("planted", "production"), ("first", "performance"), ("secret", "staging")]
)
def test_the_prices_of_all_changes_add_up_to_the_stacks(name: str, stack: str) -> None:
    made = recorded(name, stack)
    parts = [*made.pricing.steps.values(), made.pricing.beside]
    total = made.pricing.total
    assert sum(part.low for part in parts) == total.low
    assert sum(part.high for part in parts) == total.high
    assert sum(part.unknown for part in parts) == total.unknown
    assert made.pricing.steps.keys() <= {change.urn for change in made.changes}


def test_a_zones_plan_is_no_resources_price() -> None:
    pricing = recorded("first", "performance").pricing
    assert (str(pricing.beside.low), str(pricing.beside.high)) == ("25.00", "25.00")
    assert not [urn for urn in pricing.steps if "ZoneEdge" in urn]


def test_another_plan_of_a_zone_is_priced_though_no_resource_changes() -> None:
    events = stream("drifted")
    for event in events:
        metadata = event.get("resOutputsEvent", {}).get("metadata", {})
        if metadata.get("type") == "slipway:index:ZoneEdge":
            metadata["new"] = {**metadata["new"], "outputs": {**metadata["new"]["outputs"], "plan": "pro"}}
    pricing = report(events, priced=True).pricing
    assert str(pricing.beside.high) == "25.00"
    assert pricing.total.high == pricing.beside.high


def test_prices_that_cancel_out_are_each_told() -> None:
    events = stream("same")
    for event in events:
        metadata = event.get("resOutputsEvent", {}).get("metadata", {})
        if metadata.get("urn", "").endswith("UptimeCheck::paintbox-jwks"):
            metadata |= {"op": "delete", "new": None}
        elif metadata.get("urn", "").endswith("UptimeCheck::tetrix-health"):
            metadata |= {"op": "create", "old": None}
        elif "summaryEvent" in event:
            event["summaryEvent"]["resourceChanges"] = {"create": 1, "delete": 1}
    steps = report(events, "staging", priced=True).pricing.steps
    assert {urn.rpartition("::")[2]: str(step.low) for urn, step in steps.items()} == {
        "paintbox-jwks": "-1.00",
        "tetrix-health": "1.00",
    }


def test_what_is_not_deployed_costs_nothing() -> None:
    total = recorded("first", "performance").pricing.comparison.total
    assert not total.before.low
    assert not total.before.high
    assert total.after.low > 100


def test_the_most_dangerous_change_stands_first() -> None:
    weights = [list(Risk).index(change.risk) if change.risk else 3 for change in recorded("planted").changes]
    assert weights == sorted(weights)


LINES = cases("lines")


@pytest.mark.parametrize("case", LINES)
def test_a_property_is_told_in_plain_words(case: str) -> None:
    given = LINES[case]
    made = update(given["type"], given["old"], given["new"])
    assert [str(line) for line in made.changes[0].lines] == given["lines"]


def test_a_long_text_is_shown_where_it_differs() -> None:
    old, new = f"{'a' * 500}old{'z' * 500}", f"{'a' * 500}new{'z' * 500}"
    before, after = ({"rules": [{"ref": "r", "expression": text}]} for text in (old, new))
    (line,) = update(RULESET, before, after).changes[0].lines
    assert (line.old, line.new) == (f"…{'a' * 24}old{'z' * 24}…", f"…{'a' * 24}new{'z' * 24}…")


RISKS = cases("risks")


@pytest.mark.parametrize("case", RISKS)
def test_an_update_puts_at_risk_what_the_platform_makes_it(case: str) -> None:
    given = RISKS[case]
    made = update(given["type"], given["old"], given["new"])
    assert {danger.risk.value for danger in made.changes[0].dangers} == set(given["risks"])


GONE = cases("gone")


@pytest.mark.parametrize("operation", ["delete", "replace"])
@pytest.mark.parametrize("type_", GONE)
def test_what_goes_takes_with_it_what_it_held(type_: str, operation: str) -> None:
    gone = step(operation, "it", type_, {"a": 1}, None if operation == "delete" else {"a": 2})
    (change,) = report(summary(gone)).changes
    assert {danger.risk.value for danger in change.dangers} == set(GONE[type_])


def test_a_type_that_nobody_knows_is_looked_at_with_suspicion() -> None:
    (change,) = report(summary(step("delete", "it", "x:index:New", {}, None))).changes
    assert [danger.reason for danger in change.dangers] == [UNKNOWN_TYPE]


@pytest.mark.parametrize("name", ["planted", "first", "same"])
def test_every_type_that_systems_use_has_words_and_is_known(name: str) -> None:
    steps = [event.get("resOutputsEvent", {}).get("metadata", {}) for event in stream(name)]
    types = {step["type"] for step in steps if step and (step["new"] or {}).get("custom")}
    types = {type_ for type_ in types if not type_.startswith("pulumi:")}
    assert types
    assert types - WORDS.keys() == set()
    assert types - KNOWN == set()


def test_every_row_of_the_table_says_why() -> None:
    assert [row for row in TABLE if not row.reason] == []
    assert [type_ for type_, why in HARMLESS.items() if not why] == []
    assert not {row.type for row in TABLE} & HARMLESS.keys()
    assert all(Operation.SAME not in row.operations for row in TABLE)
