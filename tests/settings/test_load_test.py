"""Load tests: what could not be sent, or would measure nothing, is refused."""

from __future__ import annotations

import pytest

from tests.settings.samples import FLY, refusals

MONITORED = """
monitoring:
  notify: {emails: [a@example.com]}
  regions: [us_west]
  probes: {ready: {path: /ready}}
  thresholds:
    error_percent: 5
    load: {requests_per_second: 10, users: 20, endpoints: {/ready: {p95: 1s, p99: 2s}}}
load_test:
  requests: {ready: {path: /ready}}
"""


def changed(words: str) -> str:
    return f"{MONITORED}{words}\n"


@pytest.mark.parametrize(
    "words",
    [
        "",
        "  timeout: 2001ms",
        "  phases: [{name: one, duration: 1s, begin_percent: 1, percent: 1000, judged: true}]",
        "  socket: {path: /ws, users: 1}",
        "  socket: {path: /socket.io, protocol: socket.io, users: 1, event: vote}",
    ],
)
def test_a_load_test_that_its_thresholds_can_judge_is_kept(words: str) -> None:
    assert refusals(FLY, changed(words)) == []


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (
            "  timeout: 2s",
            "load_test.timeout: after 2s nothing is waited for, and the p99 of /ready may be 2s; "
            "set it to more than 2s",
        ),
        (
            "  phases: [{name: one, duration: 1s, percent: 100}]",
            "load_test.phases: no phase is judged, so nothing could be missed; set judged: true on one",
        ),
        (
            "  phases: [{name: a, duration: 1s, percent: 1, judged: true}, {name: a, duration: 1s, percent: 1}]",
            "load_test.phases: 2 phases are called a; give each a name of its own",
        ),
        (
            "  phases: [{name: a, duration: 4h, percent: 1, judged: true}, {name: b, duration: 1s, percent: 1}]",
            "load_test.phases: they last 14401s, more than 4h; shorten them",
        ),
        (
            "  socket: {path: /ws, users: 1, event: vote}",
            "load_test.socket.event: a plain WebSocket knows no events; remove it",
        ),
    ],
)
def test_a_load_test_that_contradicts_itself_is_refused(words: str, problem: str) -> None:
    assert refusals(FLY, changed(words)) == [problem]


@pytest.mark.parametrize(
    ("request_words", "problem"),
    [
        (
            "{path: /ready, body: '{}'}",
            "load_test.requests.ready.body: GET carries no body; remove it, or set method: POST",
        ),
        (
            "{method: POST, path: /ready, body: '{'}",
            "load_test.requests.ready.body: it is no JSON: Expecting property name enclosed in double quotes: line 1 "
            'column 2 (char 1); write it as in {"width": 120}',
        ),
        (
            "{path: /elsewhere}",
            "load_test.requests: /ready has a target, and no request asks for it: nothing would ever measure it; "
            "add a request for it, or remove the target",
        ),
    ],
)
def test_a_request_that_says_nothing_is_refused(request_words: str, problem: str) -> None:
    words = MONITORED.replace("requests: {ready: {path: /ready}}", f"requests: {{ready: {request_words}}}")
    assert refusals(FLY, words) == [problem]


def test_a_load_test_without_targets_is_refused() -> None:
    assert refusals(FLY, "load_test: {requests: {ready: {path: /ready}}}") == [
        "load_test: no threshold says how many requests a second and users it is to reach; "
        "set monitoring.thresholds.load, or remove it"
    ]


def test_a_load_test_without_a_limit_for_errors_is_refused() -> None:
    without = MONITORED.replace("    error_percent: 5\n", "")
    assert refusals(FLY, without) == [
        "load_test: no threshold says how many requests may be errors; "
        "set monitoring.thresholds.load.error_percent, or error_percent there"
    ]
    assert refusals(FLY, without.replace("users: 20", "users: 20, error_percent: 1")) == []
