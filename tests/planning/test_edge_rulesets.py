"""Rulesets of any valid edge: one a phase, refs that are unique, within the plan, the same in any order."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.evaluate import matches
from edge.parse import parse
from edge.request import Request
from planning.edge_expression import expression, secret_mark, with_secrets
from planning.edge_fallback import effective
from planning.edge_rulesets import PHASES, zone_plans
from settings.document import Document
from settings.edge import Edge
from settings.edge_match import Match
from settings.edge_plan import PLANS
from settings.validate import validate
from tests.edges import edge, raw_edge, stack
from tests.settings.samples import FLY

NAMES = st.from_regex(r"[a-z][a-z0-9-]{0,8}", fullmatch=True)
SEGMENTS = st.from_regex(r"/[a-zA-Z0-9._~!$&'()*+,;=:@%-]{0,12}", fullmatch=True)
WORDS = st.from_regex(r"[^\x00-\x1f\x7fA-Z]{1,12}", fullmatch=True)
MATCHES = st.fixed_dictionaries(
    {},
    optional={
        "paths": st.lists(SEGMENTS, max_size=3, unique=True),
        "prefixes": st.lists(SEGMENTS, max_size=3, unique=True),
        "methods": st.lists(st.sampled_from(["GET", "HEAD"]), max_size=2, unique=True),
        "query_contains": st.lists(WORDS, max_size=3, unique=True),
        "headers": st.dictionaries(st.just("X-Any"), st.text(alphabet='"\\ é☃{}*', max_size=8), max_size=1),
    },
)
CACHE = st.one_of(
    st.fixed_dictionaries({"when": MATCHES, "bypass": st.just(True)}),
    st.fixed_dictionaries(
        {
            "when": MATCHES,
            "edge": st.sampled_from(["2h", "1d"]),
            "through": st.sampled_from(["cache_rule", "response_rule"]),
        }
    ),
)
BLOCKS = st.fixed_dictionaries(
    {"when": st.fixed_dictionaries({"query_contains": st.lists(WORDS, min_size=1, max_size=3, unique=True)})}
)
LIMITS = st.fixed_dictionaries(
    {
        "when": st.fixed_dictionaries({}, optional={"prefixes": st.lists(SEGMENTS, max_size=2, unique=True)}),
        "requests": st.integers(1, 500),
        "period": st.just("10s"),
    }
)
EDGES = st.fixed_dictionaries(
    {
        "cache": st.dictionaries(NAMES, CACHE, max_size=5),
        "firewall": st.dictionaries(NAMES, BLOCKS, max_size=2),
        "rate_limits": st.dictionaries(NAMES, LIMITS, max_size=1),
        "headers": st.dictionaries(st.sampled_from(["X-One", "X-Two"]), st.sampled_from(["a", "b"])),
    }
)
_COUNTS = {
    "http_request_firewall_custom": "custom_rules",
    "http_ratelimit": "rate_limits",
    "http_request_cache_settings": "cache_rules",
    "http_response_cache_settings": "response_rules",
    "http_response_headers_transform": "transform_rules",
}


@given(EDGES, st.randoms(use_true_random=False))
def test_any_valid_edge_is_one_ruleset_a_phase_within_the_plan_in_any_order(raw: Any, shuffle: random.Random) -> None:
    (plan,) = zone_plans(stack(one=raw_edge(**raw)))
    phases = [ruleset.phase for ruleset in plan.rulesets]
    assert phases == [phase for phase in PHASES if phase in phases]
    for ruleset in plan.rulesets:
        refs = [rule["ref"] for rule in ruleset.rules]
        assert len(set(refs)) == len(refs) <= getattr(PLANS[plan.plan], _COUNTS[ruleset.phase])
        for rule in ruleset.rules:
            parse(rule["expression"])
    (again,) = zone_plans(stack(one=shuffled(raw_edge(**raw), shuffle)))
    assert again.rulesets == plan.rulesets


def shuffled(value: Any, shuffle: random.Random) -> Any:
    """The same settings with every map and every list of texts in another order."""
    if isinstance(value, dict):
        keys = list(value)
        shuffle.shuffle(keys)
        return {key: shuffled(value[key], shuffle) for key in keys}
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return shuffle.sample(value, len(value))
    return value


@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"], exclude_characters=""), min_size=1, max_size=60))
def test_no_word_of_a_query_breaks_out_of_its_condition(words: str) -> None:
    text = expression(Match(query_contains=(words.lower(),)), ("example.com",))
    assert not matches(text, Request("GET", "https://example.com/"))
    assert not matches(text, Request("GET", "https://other.example/?q=1"))


@given(st.text(min_size=1, max_size=60))
def test_no_secret_breaks_out_of_its_condition(secret: str) -> None:
    text = expression(Match(secret_headers={"X-Key": "KEY"}))
    filled = with_secrets(text, {"KEY": secret})
    assert matches(filled, Request("GET", "https://example.com/", {"x-key": secret}))
    assert not matches(filled, Request("GET", "https://example.com/", {"x-key": f"{secret}x"}))
    assert secret_mark("KEY") not in filled or secret_mark("KEY") in secret


def test_two_systems_share_one_ruleset_and_each_keeps_to_its_hosts() -> None:
    other = {**raw_edge(headers={"X-Frame-Options": "SAMEORIGIN"})}
    other["domains"] = [{"name": "shop.example.com", "role": "primary"}]
    (plan,) = zone_plans(stack(site=raw_edge(headers={"X-Frame-Options": "DENY"}), shop=other))
    (ruleset,) = plan.rulesets
    assert [(rule["ref"], rule["expression"]) for rule in ruleset.rules] == [
        ("shop_headers", 'http.host eq "shop.example.com"'),
        ("site_headers", 'http.host eq "example.com"'),
    ]


def test_the_rule_that_wins_stands_last_whatever_the_order_in_the_file() -> None:
    rules = {
        "exact": {"when": {"paths": ["/api/v1/sums"]}, "edge": "2h"},
        "everything": {"edge": "2h"},
        "longer": {"when": {"prefixes": ["/api/v1/"]}, "bypass": True},
        "shorter": {"when": {"prefixes": ["/api/"]}, "bypass": True},
        "wanted-last": {"when": {"prefixes": ["/a"]}, "bypass": True, "priority": 1},
    }
    (plan,) = zone_plans(stack(one=raw_edge(cache=rules)))
    assert [rule["ref"] for rule in plan.rulesets[0].rules] == [
        "one_everything", "one_shorter", "one_longer", "one_exact", "one_wanted-last"
    ]  # fmt: skip


def test_what_is_let_through_comes_before_what_is_refused() -> None:
    when = {"query_contains": ["x"]}
    rules = {
        "a-challenge": {"when": when, "action": "managed_challenge"},
        "b-block": {"when": when},
        "c-skip": {"when": {"headers": {"X-A": "1"}}, "action": "skip", "skips": ["rate_limits", "custom"]},
    }
    (plan,) = zone_plans(stack(one=raw_edge(firewall=rules)))
    found = plan.rulesets[0].rules
    assert [rule["ref"] for rule in found] == ["one_c-skip", "one_b-block", "one_a-challenge"]
    assert found[0]["action_parameters"] == {"phases": ["http_ratelimit"], "ruleset": "current"}


def test_on_the_free_plan_a_limit_counts_for_the_whole_zone_as_it_knows_no_host() -> None:
    limits = {"api": {"when": {"prefixes": ["/api/"]}, "requests": 8, "period": "10s"}}
    (free,) = zone_plans(stack(one=raw_edge(rate_limits=limits)))
    (pro,) = zone_plans(stack(one=raw_edge(rate_limits=limits, plan="pro")))
    assert free.rulesets[0].rules[0]["expression"] == 'starts_with(http.request.uri.path, "/api/")'
    assert pro.rulesets[0].rules[0]["expression"].startswith('http.host eq "example.com" and ')


def fallen(**changes: Any) -> tuple[Edge, list[str]]:
    changed, done = effective("one", edge(on_plan_gap="fallback", **changes))
    return changed, [str(found) for found in done]


def test_five_minutes_at_the_edge_on_pro_become_a_response_rule() -> None:
    changed, said = fallen(plan="pro", cache={"sums": {"when": {"paths": ["/sums"]}, "edge": "5m"}})
    assert changed.cache["sums"].through == "response_rule"
    assert said == [
        "one: edge.cache.sums.edge: 5m at the edge by a cache rule is less than the 3600 s that pro allows, which "
        "needs the plan business (USD 250 a month, 2026-08), not pro; done instead: set through: response_rule, which "
        "writes s-maxage=300"
    ]


def test_a_minutes_limit_on_the_free_plan_becomes_ten_seconds_at_the_same_rate() -> None:
    changed, said = fallen(rate_limits={"api": {"requests": 50, "period": "60s", "block": "60s"}})
    limit = changed.rate_limits["api"]
    assert (limit.requests, limit.period.seconds, limit.block_seconds, len(said)) == (8, 10, 10, 1)


def test_what_the_plan_of_a_zone_lacks_is_left_out_and_said() -> None:
    zone = {
        "polish": "lossy",
        "webp": True,
        "tiered_cache": "generic",
        "managed": {"owasp": {}},
        "health_check": {"host": "origin.example.net"},
    }
    changed, said = fallen(zone_settings=zone)
    assert changed.zone_settings
    kept = changed.zone_settings
    assert (kept.polish, kept.webp, kept.tiered_cache, kept.health_check) == ("off", False, "smart", None)
    assert (kept.managed and kept.managed.owasp, len(said)) == (None, 4)


@pytest.mark.parametrize("plan", ["free", "pro", "business", "enterprise"])
def test_with_fallbacks_nothing_that_has_one_is_a_problem_on_any_plan(plan: str) -> None:
    wishes = raw_edge(
        plan=plan,
        on_plan_gap="fallback",
        cache={"sums": {"edge": "1s"}},
        rate_limits={"api": {"requests": 50, "period": "60s"}},
        zone_settings={"polish": "lossy", "health_check": {"host": "origin.example.net"}},
    )
    system = {**FLY, "edge": wishes}
    found = validate(Document({"environment": "production", "systems": {"one": json.loads(json.dumps(system))}}))
    assert found.problems == ()
