"""A load plan's numbers follow from the thresholds, and its requests are those that the edge lets pass."""

from __future__ import annotations

from dataclasses import replace

import pytest

from edge.limits import Counters
from edge.request import Request, Response
from edge.simulate import explain
from planning.edge_site import sites
from planning.load_plan import LoadPlan, load_plan, own_hosts
from planning.thresholds import thresholds
from settings.system import System
from tests.stacks import loaded

NAME = "paintbox-performance"


@pytest.fixture(scope="module")
def system() -> System:
    return loaded("performance").systems[NAME]


@pytest.fixture(scope="module")
def plan(system: System) -> LoadPlan:
    found = load_plan(NAME, system)
    assert found
    return found


def test_rates_and_users_are_shares_of_the_target(plan: LoadPlan) -> None:
    shown = [(each.name, each.start, each.seconds, each.begin, each.end, each.judged) for each in plan.phases]
    assert shown == [
        ("warm-up", 0, 30, 10, 10, False),
        ("ramp-up", 30, 60, 10, 52.5, False),
        ("sustained", 90, 300, 52.5, 52.5, True),
        ("spike", 390, 30, 100, 100, False),
        ("cool-down", 420, 30, 52.5, 5, False),
    ]
    assert (plan.users(50), plan.users(52.5), plan.users(0.1)) == (100, 105, 1)
    assert (plan.seconds, plan.fastest, plan.total) == (450, 100, 300 + 1875 + 15750 + 3000 + 863)


def test_every_target_of_the_thresholds_is_judged_and_those_alerts_that_show_outside(
    plan: LoadPlan, system: System
) -> None:
    targets = [each for each in thresholds(system) if each.kind == "target"]
    assert [each.measure for each in plan.targets] == ["errors", "cache hits", *(each.measure for each in targets)]
    assert len(targets) == 13


def test_a_limit_for_errors_of_the_load_itself_goes_before_the_alert() -> None:
    tetrix = loaded("production").systems["tetrix"]
    found = load_plan("tetrix", tetrix)
    assert found
    assert [(each.value, each.kind) for each in found.targets if each.name == "errors"] == [(1, "target")]


def test_less_time_keeps_the_rates(plan: LoadPlan) -> None:
    short = plan.within(45)
    assert (short.seconds, short.phases[2].start, short.phases[2].seconds) == (45, 9, 30)
    assert short.phases[2].end == 52.5
    assert plan.within(1000) == plan


def test_plans_that_send_the_same_have_the_same_mark(plan: LoadPlan) -> None:
    assert plan.mark == replace(plan, targets=()).mark
    assert plan.mark != plan.within(45).mark
    assert plan.mark != replace(plan, think_seconds=1).mark


def test_a_system_without_a_load_test_has_no_plan() -> None:
    assert load_plan("paintbox", loaded("production").systems["paintbox"]) is None


def test_own_hosts_are_the_domains_and_the_platforms_name(system: System) -> None:
    assert own_hosts(system, "paintbox-app") == ("paintbox-app.com", "paintbox-app.fly.dev")
    tetrix = loaded("production").systems["tetrix"]
    assert own_hosts(tetrix, "tetrix-minimal")[0] == "tetrixcorp.com"
    assert not [host for host in own_hosts(tetrix, "tetrix-minimal") if host.startswith("tetrix-minimal")]


def test_the_edge_lets_the_test_pass_by_its_header_and_stops_it_without(plan: LoadPlan) -> None:
    site = next(each for each in sites(loaded("performance")) if "paintbox-app.com" in each.hosts)

    def verdicts(headers: dict[str, str]) -> set[str]:
        counters, answer = Counters(lambda: 0.0), Response(200, {})
        sent = [
            Request(each.method, f"https://paintbox-app.com{each.path}", headers) for each in plan.requests.values()
        ]
        return {explain(site, request, answer, counters).verdict for _ in range(60) for request in sent}

    assert plan.secret_headers == {"X-Load-Test": "LOAD_TEST_KEY"}
    assert verdicts({"x-load-test": "<LOAD_TEST_KEY>"}) == {"answered"}
    assert len(verdicts({})) > 1


def test_a_rule_that_skips_no_rate_limit_lets_no_load_test_pass(system: System) -> None:
    assert system.edge
    rule = system.edge.firewall["load-test"].model_copy(update={"skips": ("managed",)})
    edge = system.edge.model_copy(update={"firewall": {"load-test": rule}})
    found = load_plan(NAME, system.model_copy(update={"edge": edge}))
    assert found
    assert found.secret_headers == {}
