"""The alerts that a probe's limits become."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from planning.monitoring import Alert, alerts, certificate_probe
from settings.monitoring import Monitoring, Probe


def monitoring(**changes: Any) -> Monitoring:
    given = {"notify": {"emails": ("ops@example.com",)}, "regions": ("eu_west",), "probes": {"a": {"path": "/"}}}
    return Monitoring.model_validate({**given, **changes})


def test_a_probe_without_limits_says_only_when_it_is_down() -> None:
    assert alerts(monitoring(), Probe(path="/"), certificate=False) == [Alert("down", "down_global", "2m")]


@pytest.mark.parametrize(("limit", "threshold"), [(timedelta(milliseconds=1), 1), (timedelta(seconds=60), 60000)])
def test_each_limit_is_in_milliseconds(limit: timedelta, threshold: int) -> None:
    found = alerts(monitoring(), Probe(path="/", slow_above=(limit,), slow_for="15m", down_for="3m"), certificate=False)
    assert found == [
        Alert("down", "down_global", "3m"),
        Alert(f"slow-{threshold}ms", "latency", "15m", threshold, "greater_than"),
    ]


def test_the_certificate_is_watched_some_days_before_its_end() -> None:
    [_, certificate] = alerts(monitoring(certificate_days=21), Probe(path="/"), certificate=True)
    assert certificate == Alert("certificate", "ssl_expiry", "2m", 21, "less_than")


def test_one_probe_watches_the_certificate_that_all_share() -> None:
    assert certificate_probe(monitoring(probes={"pages": {"path": "/"}, "health": {"path": "/api/health"}})) == "health"
