"""`cost`: a table for people, JSON for programs."""

from __future__ import annotations

import json

import pytest

from ops.cost.described import described_cost
from ops.errors import OperationError
from ops.exit_code import ExitCode
from tests.ops.cost.conftest import STACK, Asks, words
from tests.settings.samples import FLY_WITH_VOLUME, Project

TABLE = """\
production costs, in US dollars a month, by the prices known on 2026-11-22:
what number each a month price of
shop 4.41 to 8.81
sample-app: machines in sjc, shared-cpu-1x, 512 MB 1 to 2 4.41 4.41 to 8.81 2026-10-09
site 40.00
site: instances, apps-s-1vcpu-1gb 2 12.00 24.00 2026-08
site-db: postgres nodes, db-s-1vcpu-1gb 1 15.00 15.00 2026-08 estimate
DigitalOcean account: uptime checks 1 1.00 1.00 2026-03-27
total 44.41 to 48.81
Paid by use, in no total:
root file systems of stopped machines: 0.15 a GB-month; sample-app
egress from Europe and North America: 0.02 a GB; sample-app
what an app sends beyond the allowance of its size: no price is known (no official page was found that says it); site
Not to be relied on:
site-db of site, postgres nodes, db-s-1vcpu-1gb: an estimate, 2026-08: third parties; no official page was found
"""


def test_the_table_has_every_system_and_resource_and_what_no_table_holds(ask: Asks) -> None:
    assert words("\n".join(described_cost(ask()))) == TABLE.splitlines()


def test_one_system_can_be_asked_for(ask: Asks) -> None:
    lines = "\n".join(described_cost(ask(system="shop"))).splitlines()
    assert lines[0] == "shop of production costs, in US dollars a month, by the prices known on 2026-11-22:"
    assert [line.split()[0] for line in lines if line.startswith((" s", " t"))] == ["shop", "total"]


def test_a_resource_with_several_costs_has_their_sum(ask: Asks, project: Project) -> None:
    project.system("shop", FLY_WITH_VOLUME)
    shown = words("\n".join(described_cost(ask(system="shop"))))
    assert shown[2:6] == [
        "shop 5.16",
        "sample-app 5.16",
        "machines in sjc, shared-cpu-1x, 512 MB 1 4.41 4.41 2026-10-09",
        "volume data, 5 GB 5 GB 0.15 0.75 2026-10-09",
    ]


def test_a_system_that_is_not_there_is_refused(ask: Asks) -> None:
    with pytest.raises(OperationError) as caught:
        list(described_cost(ask(system="shp")))
    assert (str(caught.value), caught.value.exit_code) == (
        'shp is no system of production; did you mean "shop"?',
        ExitCode.USAGE,
    )


def test_programs_get_amounts_as_numbers_and_null_where_there_is_none(ask: Asks) -> None:
    (text,) = described_cost(ask(as_json=True))
    found = json.loads(text)
    assert {key: found[key] for key in ("stack", "date", "currency", "per", "budget")} == {
        "stack": "production",
        "date": "2026-11-22",
        "currency": "USD",
        "per": "month",
        "budget": None,
    }
    assert found["total"] == {"low": 44.41, "high": 48.81, "unknown": 0}
    assert found["systems"]["site"] == {"low": 40.0, "high": 40.0, "unknown": 0}
    machines, rootfs = found["lines"][:2]
    assert machines == {
        "system": "shop",
        "resource": "sample-app",
        "item": "machines in sjc, shared-cpu-1x, 512 MB",
        "kind": "fixed",
        "quantity": [1, 2],
        "unit": "machine-month",
        "unit_usd": 4.405453,
        "low": 4.41,
        "high": 8.81,
        "source": "docs.fly.io/about/pricing, rates of Ashburn per second",
        "date": "2026-10-09",
        "estimate": False,
        "old": False,
        "note": "",
    }
    assert (rootfs["kind"], rootfs["quantity"], rootfs["low"], rootfs["high"]) == ("use", None, None, None)


def test_a_book_with_problems_ends_with_the_exit_code_of_settings(ask: Asks, project: Project) -> None:
    project.write("prices.yaml", "digitalocean: {uptime_check: {unit: gb}}\n")
    with pytest.raises(OperationError) as caught:
        list(described_cost(ask()))
    assert (str(caught.value), caught.value.exit_code) == (
        "1 problem in the price book:\n"
        '  prices.yaml:1:31: digitalocean.uptime_check.unit: "gb" is not one of month; use one of them',
        ExitCode.SETTINGS,
    )


def test_an_old_price_is_said_below_the_table(ask: Asks) -> None:
    text = "\n".join(words("\n".join(described_cost(ask(system="shop", today=ask().today.replace(year=2028))))))
    assert "4.41 to 8.81 2026-10-09 old" in text
    assert (
        "sample-app of shop, machines in sjc, shared-cpu-1x, 512 MB: read more than a year ago, 2026-10-09: docs"
        in text
    )


def test_the_budget_of_the_stack_stands_below_the_total(ask: Asks, project: Project) -> None:
    project.stack(STACK + "  slipway:policies: {budget_usd: 60}\n")
    text = "\n".join(described_cost(ask()))
    assert words(text)[8:10] == ["total 44.41 to 48.81", "budget 60.00"]
    assert "more than the budget" not in text
    assert "budget" not in "\n".join(described_cost(ask(system="site")))
    project.stack(STACK + "  slipway:policies: {budget_usd: 45}\n")
    assert "It can cost 48.81, which is more than the budget of 45.00." in "\n".join(described_cost(ask()))
    assert json.loads(next(described_cost(ask(as_json=True))))["budget"] == 45


def test_color_is_for_terminals_only(ask: Asks) -> None:
    assert "\x1b[" not in "".join(described_cost(ask()))
    assert "\x1b[1m" in "".join(described_cost(ask(color=True)))
