"""The one list of thresholds: every number of the performance document is in it, and nothing twice."""

from __future__ import annotations

from datetime import timedelta

from planning.thresholds import Threshold, alerts, thresholds
from tests.paintbox import DIGITALOCEAN, FLY, paintbox
from tests.planning.alerts.watched import system


def test_the_performance_profile_has_the_numbers_of_its_document() -> None:
    found = {(entry.kind, entry.name, entry.subject): (entry.value, entry.unit, entry.above) for entry in listed(FLY)}
    assert (
        found.items()
        >= {
            ("alert", "errors", ""): (5, "percent", True),
            ("alert", "p95", ""): (2000, "ms", True),
            ("alert", "memory", ""): (900, "MB", True),
            ("alert", "cpu", ""): (70, "percent", True),
            ("alert", "cache hits", ""): (70, "percent", False),
            ("alert", "wait for a connection", ""): (1000, "ms", True),
            ("target", "requests", ""): (50, "per second", False),
            ("target", "users", ""): (100, "users", False),
            ("target", "p95", ""): (1000, "ms", True),
            ("target", "p95", "/api/health"): (100, "ms", True),
            ("target", "p99", "/api/health"): (200, "ms", True),
            ("target", "p95", "/api/v1/calculations"): (200, "ms", True),
            ("target", "p99", "/api/v1/calculations"): (500, "ms", True),
            ("target", "p95", "/api/v1/estimates"): (500, "ms", True),
            ("target", "p99", "/api/v1/estimates"): (1000, "ms", True),
            ("target", "p95", "/api/v1/pdf/generate"): (5000, "ms", True),
            ("target", "p99", "/api/v1/pdf/generate"): (10000, "ms", True),
            ("target", "p95", "/api/v1/salesforce"): (2000, "ms", True),
            ("target", "p99", "/api/v1/salesforce"): (3000, "ms", True),
        }.items()
    )


def test_per_cent_of_memory_become_mb_where_the_machine_is_known() -> None:
    changed = paintbox(FLY, "{monitoring: {memory_percent: 85, thresholds: {memory_mb: null}}}")
    minutes = timedelta(minutes=5)
    assert Threshold("memory", 870.4, "MB", "alert", lasts=minutes) in thresholds(changed)
    assert Threshold("memory", 972.8, "MB", "alert", severity="critical", lasts=minutes) in thresholds(changed)
    assert Threshold("memory", 88, "percent", "alert", lasts=minutes) in listed(DIGITALOCEAN)


def test_a_page_may_have_a_patience_of_its_own() -> None:
    rows = {limit.subject: limit.in_a_row for limit in alerts(system("tattoo-contest")) if limit.name == "answers"}
    assert rows == {"/ready": 3, "/health": 3, "/api/realtime-health": 2}


def test_nothing_is_said_twice() -> None:
    places = [(entry.kind, entry.name, entry.subject, entry.value) for entry in listed(FLY)]
    assert len(places) == len(set(places))


def test_a_system_that_nobody_watches_has_none() -> None:
    assert thresholds(paintbox(FLY, "{monitoring: null, load_test: null}")) == []


def listed(name: str) -> list[Threshold]:
    return thresholds(paintbox(name))
