"""Releases on Fly.io: every rule, refused just beyond its bound and kept at it."""

from __future__ import annotations

import pytest

from tests.settings.samples import FLY, refusals

KEPT = (
    "app: {deploy: {wait: 30s}}",
    "app: {shutdown: {phases: {a: 20s, b: 10s}}}",
    "app: {shutdown: {timeout: 300s}}",
)
REFUSED = (
    (
        "app: {deploy: {wait: 29s}}",
        [
            "app.deploy.wait: 29s is over before the check ready can pass twice; set it to 30s or more",
        ],
    ),
    (
        "app: {deploy: {strategy: blue-green}}",
        [
            'app.deploy.strategy: "blue-green" is not one of rolling, canary, bluegreen, immediate; did you mean '
            '"bluegreen"?',
        ],
    ),
    (
        "app: {deploy: {gate_successes: 0}}",
        [
            "app.deploy.gate_successes: 0 is less than 1; choose 1 to 100",
        ],
    ),
    (
        "app: {deploy: {unavailable_percent: 0}}",
        [
            "app.deploy.unavailable_percent: 0 is less than 1; choose 1 to 100",
        ],
    ),
    (
        "app: {deploy: {gate_path: ready}}",
        [
            'app.deploy.gate_path: "ready" is not an absolute path of a URL, without query; write it as in '
            '"/api/health"',
        ],
    ),
    (
        "app: {shutdown: {phases: {a: 20s, b: 11s}}}",
        [
            "app.shutdown.timeout: 30s is shorter than the 31s that the phases take together; set it to 31s or more",
        ],
    ),
    (
        "app: {shutdown: {phases: {A: 1s}}}",
        [
            'app.shutdown.phases.A: "A" is not a name of at most 30 lower-case letters and underscores; write it '
            'as in "server"',
        ],
    ),
    (
        "app: {shutdown: {timeout: 301s}}",
        [
            "app.shutdown.timeout: 301s is outside 1s to 300s; choose a duration in that range",
        ],
    ),
    (
        "app: {shutdown: {signal: SIGKILL}}",
        [
            'app.shutdown.signal: "SIGKILL" is not one of SIGINT, SIGTERM, SIGQUIT, SIGUSR1, SIGUSR2; did you '
            'mean "SIGINT"?',
        ],
    ),
)


@pytest.mark.parametrize("changes", KEPT)
def test_a_value_at_its_bound_is_kept(changes: str) -> None:
    assert refusals(FLY, changes) == []


@pytest.mark.parametrize(("changes", "problems"), REFUSED, ids=[changes for changes, _ in REFUSED])
def test_a_value_beyond_its_bound_is_refused_with_the_rule_and_the_way_out(changes: str, problems: list[str]) -> None:
    assert refusals(FLY, changes) == problems
