"""What visitors of the systems get at the edge, from the very rulesets that their stacks deploy."""

from __future__ import annotations

import functools
import json

import pytest

from edge.limits import Counters
from edge.outcome import Outcome
from edge.request import Request
from edge.simulate import explain
from edge.site import Site
from ops.edge import ASSUMED, at, explain_request
from ops.errors import OperationError
from ops.stack import load_stack
from planning.edge_site import sites
from tests.edge.requests import CASES, Case, performance, tetrix
from tests.tetrix import ROOT


@functools.cache
def places(stack: str) -> tuple[Site, ...]:
    return sites(load_stack(ROOT, stack))


def outcome(case: Case) -> Outcome:
    request = Request(case.method, case.url, dict(case.headers), body=case.body)
    place: Site = at(places(case.stack), request)
    counters = Counters(lambda: 0.0)
    return [explain(place, request, ASSUMED, counters) for _ in range(case.times)][-1]


def test_there_are_enough_cases_over_all_proxied_systems() -> None:
    assert len({case.id + repr(case.body) + repr(case.headers) for case in CASES}) == len(CASES) >= 60


@pytest.mark.parametrize("case", CASES, ids=[case.id for case in CASES])
def test_a_visitor_gets(case: Case) -> None:
    found = outcome(case)
    assert (found.verdict, found.cached.edge, found.cached.browser) == (case.verdict, case.edge, case.browser)


@pytest.mark.parametrize(
    ("case", "framing"),
    [
        (performance("GET", "/"), "SAMEORIGIN"),
        (tetrix("GET", "/"), "DENY"),
    ],
    ids=["paintbox", "tetrix"],
)
def test_every_answer_has_the_four_security_headers_and_says_not_what_made_it(case: Case, framing: str) -> None:
    found = outcome(case)
    assert dict(found.headers_set) == {
        "Referrer-Policy": "strict-origin-when-cross-origin",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": framing,
        "X-XSS-Protection": "1; mode=block",
    }
    assert found.headers_removed == ("X-Powered-By",)


def test_the_51st_request_of_a_minute_is_refused_for_a_minute() -> None:
    case = performance("GET", "/api/v1/estimates")
    now = 0.0
    counters = Counters(lambda: now)
    request = Request(case.method, case.url)
    place = at(places(case.stack), request)
    verdicts = [explain(place, request, ASSUMED, counters) for _ in range(51)]
    assert [found.verdict for found in verdicts] == ["answered"] * 50 + ["limited"]
    assert (verdicts[-1].status, verdicts[-1].content_type) == (429, "application/json")
    now = 59.9
    assert explain(place, request, ASSUMED, counters).verdict == "limited"
    now = 60.0
    assert explain(place, request, ASSUMED, counters).verdict == "answered"


def test_one_address_does_not_use_up_the_limit_of_another() -> None:
    counters = Counters(lambda: 0.0)
    case = performance("GET", "/api/v1/estimates")
    place = at(places(case.stack), Request(case.method, case.url))
    for _ in range(51):
        explain(place, Request(case.method, case.url, address="198.51.100.1"), ASSUMED, counters)
    other = explain(place, Request(case.method, case.url, address="198.51.100.2"), ASSUMED, counters)
    assert other.verdict == "answered"


def test_it_says_which_rule_of_which_phase_matched_in_which_order() -> None:
    found = outcome(performance("GET", "/api/v1/calculations"))
    assert [(hit.phase, hit.place, hit.ref, hit.action) for hit in found.hits] == [
        ("http_ratelimit", 1, "paintbox-performance_api", "count"),
        ("http_request_firewall_managed", 1, "zone_managed-skip", "skip"),
        ("http_request_cache_settings", 1, "paintbox-performance_api", "set_cache_settings"),
        ("http_request_cache_settings", 3, "paintbox-performance_calculations", "set_cache_settings"),
        ("http_response_cache_settings", 1, "paintbox-performance_calculations", "set_cache_control"),
        ("http_response_headers_transform", 1, "paintbox-performance_headers", "rewrite"),
    ]


def test_the_verb_prints_it_for_people_and_for_programs() -> None:
    def said(*, as_json: bool) -> list[str]:
        url = "https://tetrixcorp.com/_astro/a.js"
        return list(explain_request(ROOT, "production", "get", url, [], times=1, country="US", as_json=as_json))

    assert said(as_json=False)[:4] == [
        "answered",
        "  worker tetrix 3. static: keep",
        "  http_response_headers_transform 1. tetrix_headers: rewrite",
        "served by: Worker tetrix, unless kept",
    ]
    assert json.loads(said(as_json=True)[0])["cached"]["control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize(
    ("method", "url", "headers", "message"),
    [
        (
            "FETCH",
            "https://tetrixcorp.com/",
            [],
            "FETCH is no HTTP method; use one of GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS",
        ),
        ("GET", "tetrixcorp.com", [], "tetrixcorp.com is no URL; write https://<host>/<path>"),
        ("GET", "https://tetrixcorp.com/", ["nonsense"], "'nonsense' is no header; write 'Name: value'"),
        (
            "GET",
            "https://example.com/",
            [],
            "example.com is no host of this stack; there are code-academy.tetrixcorp.com, joromi.tetrixcorp.com, "
            "paintbox.fly.dev, tattoo-contest.com, tattoo-contest.fly.dev, tetrixcorp.com",
        ),
    ],
)
def test_what_cannot_be_explained_is_said(method: str, url: str, headers: list[str], message: str) -> None:
    with pytest.raises(OperationError) as raised:
        list(explain_request(ROOT, "production", method, url, headers, times=1, country="US", as_json=False))
    assert str(raised.value) == message


def test_where_the_platform_answers_cloudflare_does_nothing() -> None:
    found = outcome(Case("production", "GET", "https://paintbox.fly.dev/"))
    assert (found.hits, dict(found.headers_set)["X-Frame-Options"], found.headers_removed) == (
        (),
        "SAMEORIGIN",
        ("X-Powered-By",),
    )
