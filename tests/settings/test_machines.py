"""Machines: every rule, refused just beyond its bound and kept at it."""

from __future__ import annotations

import pytest

from tests.settings.samples import FLY, refusals

KEPT = (
    "app: {machines: {memory_mb: 256}}",
    "app: {machines: {memory_mb: 2048}}",
    "app: {machines: {size: performance-1x, memory_mb: 2048}}",
    "app: {machines: {minimum: 0}}",
    "app: {machines: {minimum: 2}}",
    "app: {machines: {memory_mb: 2048, when_idle: suspend}}",
    "app: {machines: {when_idle: keep, minimum: 2}}",
    "app: {concurrency: {soft: 20}}",
)
REFUSED = (
    (
        "app: {machines: {size: shared-cpu-3x}}",
        [
            'app.machines.size: "shared-cpu-3x" is not a machine size of Fly.io; did you mean "shared-cpu-8x"?',
        ],
    ),
    (
        "app: {machines: {memory_mb: 300}}",
        [
            "app.machines.memory_mb: 300 is not a multiple of 256; round it",
        ],
    ),
    (
        "app: {machines: {memory_mb: 0}}",
        [
            "app.machines.memory_mb: 0 is less than 256; choose 256 to 131072",
        ],
    ),
    (
        "app: {machines: {memory_mb: 2304}}",
        [
            "app.machines.memory_mb: 2304 MB is outside the 256 to 2048 MB of shared-cpu-1x; choose memory in "
            "that range, or another size",
        ],
    ),
    (
        "app: {machines: {size: performance-1x, memory_mb: 1792}}",
        [
            "app.machines.memory_mb: 1792 MB is outside the 2048 to 8192 MB of performance-1x; choose memory in "
            "that range, or another size",
        ],
    ),
    (
        "app: {machines: {size: performance-1x, memory_mb: 8448}}",
        [
            "app.machines.memory_mb: 8448 MB is outside the 2048 to 8192 MB of performance-1x; choose memory in "
            "that range, or another size",
        ],
    ),
    (
        "app: {machines: {minimum: 3}}",
        [
            "app.machines.minimum: 3 is more than the maximum of 2; swap the two",
        ],
    ),
    (
        "app: {machines: {maximum: 0}}",
        [
            "app.machines.maximum: 0 is less than 1; choose 1 to 500",
        ],
    ),
    (
        "app: {machines: {maximum: 501}}",
        [
            "app.machines.maximum: 501 is more than 500; choose 1 to 500",
        ],
    ),
    (
        "app: {machines: {size: shared-cpu-2x, memory_mb: 2304, when_idle: suspend}}",
        [
            "app.machines.when_idle: only machines with at most 2048 MB of memory and without swap can be "
            "suspended; set when_idle: stop",
        ],
    ),
    (
        "app: {machines: {when_idle: suspend, swap_mb: 512}}",
        [
            "app.machines.when_idle: only machines with at most 2048 MB of memory and without swap can be "
            "suspended; set when_idle: stop",
        ],
    ),
    (
        "app: {machines: {when_idle: keep}}",
        [
            "app.machines.minimum: 1 has no effect while idle machines are kept: all 2 run; set it to the "
            "maximum, or set when_idle: stop",
        ],
    ),
    (
        "app: {concurrency: {soft: 21}}",
        [
            "app.concurrency.hard: 20 is below the soft limit of 21; raise it or lower the soft limit",
        ],
    ),
)


@pytest.mark.parametrize("changes", KEPT)
def test_a_value_at_its_bound_is_kept(changes: str) -> None:
    assert refusals(FLY, changes) == []


@pytest.mark.parametrize(("changes", "problems"), REFUSED, ids=[changes for changes, _ in REFUSED])
def test_a_value_beyond_its_bound_is_refused_with_the_rule_and_the_way_out(changes: str, problems: list[str]) -> None:
    assert refusals(FLY, changes) == problems
