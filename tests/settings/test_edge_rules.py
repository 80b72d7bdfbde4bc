"""What is wrong with an edge is all said at once, with a way out."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from tests.edges import raw_edge
from tests.settings.samples import FLY, refusals, stack_refusals

STATUS = "status.example.com"


def systems(*edges: dict[str, Any]) -> dict[str, Any]:
    found = {}
    for number, edge in enumerate(edges):
        system = copy.deepcopy(FLY)
        system["app"]["name"] = f"app-{number}"
        found[f"system-{number}"] = {**system, "edge": edge}
    return found


def test_everything_that_is_wrong_is_reported_together() -> None:
    first = raw_edge(
        plan="pro",
        records={
            "status": {
                "name": "status.example.com",
                "type": "CNAME",
                "content": "a.example.net",
                "proxied": True,
                "ttl": "5m",
            },
            "text": {"name": "status.example.com", "type": "TXT", "content": "x"},
        },
        cache={"posts": {"when": {"methods": ["POST"]}, "edge": "2h"}, "short": {"edge": "300s"}},
        headers={"CF-Ray": "x"},
        workers={"sums": {"script": "sums", "routes": ["example.org/*"]}},
    )
    second = raw_edge(zone="example.net", rate_limits={"api": {"requests": 50, "period": "60s"}})
    second["domains"] = [{"name": "example.com", "role": "primary"}]
    found = stack_refusals(systems(first, second))
    wanted = [
        "300s at the edge by a cache rule"[4:],
        "a proxied record",
        "never POST",
        "CF-Ray belongs to Cloudflare",
        "a CNAME at status.example.com stands beside the record text",
        "example.org/* is outside the zone example.com",
        "a rate limit over 1m, which needs the plan pro (USD 25 a month, 2026-08), not free",
        "example.com is a domain of system-0, too",
    ]
    assert [words for words in wanted if not any(words in problem for problem in found)] == [], found


SAMPLE = {**FLY, "edge": raw_edge(plan="pro")}


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (
            "edge: {cache: {sums: {edge: 300s}}}",
            "edge.cache.sums.edge: 5m at the edge by a cache rule is less than the 3600 s that pro allows, which needs "
            "the plan business (USD 250 a month, 2026-08), not pro; set through: response_rule, which writes "
            "s-maxage=300, or set on_plan_gap: fallback to have that done",
        ),
        (
            "edge: {firewall: {all: {when: {}}}}",
            "edge.firewall.all.when: block would hit every request; name a condition",
        ),
        (
            'edge: {firewall: {regex: {when: {expression: http.host matches "a"}}}}',
            "edge.firewall.regex.when.expression: a regular expression (matches), which needs the plan business (USD "
            "250 a month, 2026-08), not pro; remove it",
        ),
        (
            "edge: {firewall: {raw: {when: {expression: (http.host eq}}}}",
            "edge.firewall.raw.when.expression: the expression ends where a field, a function or a value must follow; "
            "complete it",
        ),
        (
            "edge: {zone_settings: {argo: true}}",
            "edge.zone_settings.argo: Cloudflare refuses Argo without its subscription (USD 5 a month and zone, and "
            "0.10 a GB after the first, 2026-08); subscribe and set argo_subscribed: true, or remove it",
        ),
        (
            "edge: {zone_settings: {webp: true}}",
            "edge.zone_settings.webp: webp is a part of Polish, which is off; set polish: lossy",
        ),
        (
            "edge: {rate_limits: {api: {requests: 1, period: 61s}}}",
            "edge.rate_limits.api.period: 61s is no period that Cloudflare counts over; choose 1m",
        ),
        (
            "edge: {cache: {one: {bypass: true, edge: 2h}}}",
            "edge.cache.one.edge: there is nothing to keep with bypass: true; remove one of the two",
        ),
        (
            "edge: {mode: platform, headers: {X-A: b}}",
            "edge.headers: headers has no effect with mode: platform, where no request passes Cloudflare's proxy; set "
            "mode: cloudflare, or remove it",
        ),
    ],
)
def test_a_wish_that_cannot_be_is_refused_with_a_way_out(change: str, problem: str) -> None:
    assert refusals(SAMPLE, change) == [problem]


def test_a_zone_has_one_plan_and_one_who_settles_it() -> None:
    second = raw_edge(plan="pro", zone_settings={})
    second["domains"] = [{"name": "www.example.com", "role": "primary"}]
    assert stack_refusals(systems(raw_edge(zone_settings={}), second)) == [
        "systems.system-1.edge.plan: example.com is on the plan pro here and on free in system-0; a zone has one plan: "
        "correct one of them",
        "systems.system-1.edge.zone_settings: system-0 settles the zone example.com already; remove it from one of "
        "them",
    ]


def test_the_rules_of_all_systems_of_a_zone_count_together() -> None:
    rules = {f"rule-{number}": {"when": {"query_contains": ["x"]}} for number in range(3)}
    second = raw_edge(firewall=rules)
    second["domains"] = [{"name": "www.example.com", "role": "primary"}]
    assert stack_refusals(systems(raw_edge(firewall=rules), second)) == [
        "systems.system-0.edge.firewall: example.com has 6 firewall rules, more than the 5 of the plan free; join "
        "some, or take the plan pro (USD 25 a month, 2026-08)"
    ]


def test_before_app_platform_the_worker_keeps_answers_and_nobody_else() -> None:
    from tests.settings.samples import DIGITALOCEAN

    sample = {**DIGITALOCEAN, "edge": raw_edge(cache={"pages": {"edge": "2h"}})}
    assert refusals(sample, "{}") == [
        "edge.cache.pages.through: cache_rule does not reach an app on App Platform: its Worker asks a host in "
        "DigitalOcean's zone; set through: worker"
    ]
    assert refusals(SAMPLE, "edge: {cache: {pages: {edge: 2h, through: worker}}}") == [
        "edge.cache.pages.through: only an app on App Platform has a forwarding Worker; set through: cache_rule or "
        "response_rule"
    ]
