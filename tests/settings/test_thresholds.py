"""Thresholds: what contradicts itself or the machine is refused."""

from __future__ import annotations

import pytest

from tests.settings.samples import FLY, refusals

MONITORED = """
monitoring:
  notify: {emails: [a@example.com]}
  regions: [us_west]
  probes: {ready: {path: /ready}}
"""


def with_thresholds(words: str) -> str:
    return f"{MONITORED}  thresholds: {{{words}}}\n"


@pytest.mark.parametrize(
    "changes",
    [
        with_thresholds("memory_mb: 511, error_percent: 5, p95: 2s, cache_hit_percent: 70, pool_wait: 1s"),
        with_thresholds("load: {requests_per_second: 50, users: 100, endpoints: {/a: {p95: 1s, p99: 1s}}}"),
        with_thresholds("memory_mb: 300") + "app: {node_heap_mb: 300}",
    ],
)
def test_thresholds_that_agree_are_kept(changes: str) -> None:
    assert refusals(FLY, changes) == []


@pytest.mark.parametrize(
    ("changes", "problems"),
    [
        (
            with_thresholds("memory_mb: 512"),
            [
                "monitoring.thresholds.memory_mb: 512 MB is not less than the machine's 512 MB: "
                "nothing would ever raise the alert; set it to less than 512",
            ],
        ),
        (
            with_thresholds("memory_mb: 299") + "app: {node_heap_mb: 300}",
            [
                "monitoring.thresholds.memory_mb: 299 MB is less than the 300 MB that Node's heap may take; "
                "set it to more than 300, or node_heap_mb to less than 299",
            ],
        ),
        (
            with_thresholds("memory_mb: 400") + "  memory_percent: 80\n",
            [
                "monitoring.thresholds.memory_mb: memory is limited to 80 % already; "
                "keep one of the two: memory_percent: null takes the other one away",
            ],
        ),
        (
            with_thresholds("load: {requests_per_second: 1, users: 1, endpoints: {/a: {p95: 2s, p99: 1s}}}"),
            [
                "monitoring.thresholds.load.endpoints./a.p99: 1s is less than the p95 of 2s, which fewer answers keep "
                "to; swap the two",
            ],
        ),
    ],
)
def test_thresholds_that_contradict_are_refused(changes: str, problems: list[str]) -> None:
    assert refusals(FLY, changes) == problems
