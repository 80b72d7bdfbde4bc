"""The one list of thresholds of a system: alerts, monitors, dashboards and load tests are made from it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from settings.monitoring import Monitoring, Probe
from settings.system import FlySystem, System
from settings.thresholds import LoadTarget, Thresholds

Unit = Literal["ms", "percent", "MB", "days", "per second", "users"]


@dataclass(frozen=True)
class Threshold:
    """`value` in `unit`. An alert is raised beyond it, a target must be kept: `above` tells on which side trouble is.

    `subject` is the path that it is about, `""` for the whole system.
    """

    name: str
    value: float
    unit: Unit
    kind: Literal["alert", "target"]
    above: bool = True
    subject: str = ""


def thresholds(system: System) -> list[Threshold]:
    """All of them, alerts first."""
    monitoring = system.monitoring
    if monitoring is None:
        return []
    memory = system.app.machines.memory_mb if isinstance(system, FlySystem) else None
    found = [*_limits(monitoring, memory)]
    for probe in monitoring.probes.values():
        found += _probe(probe)
    if monitoring.thresholds:
        found += _alerts(monitoring.thresholds)
        if monitoring.thresholds.load:
            found += _targets(monitoring.thresholds.load)
    return found


def _limits(monitoring: Monitoring, memory_mb: int | None) -> Iterator[Threshold]:
    """Memory in MB where the machine's size is known, so that one number does for percent and MB alike."""
    if monitoring.memory_percent and memory_mb:
        yield Threshold("memory", memory_mb * monitoring.memory_percent / 100, "MB", "alert")
    elif monitoring.memory_percent:
        yield Threshold("memory", monitoring.memory_percent, "percent", "alert")
    if monitoring.cpu_percent:
        yield Threshold("cpu", monitoring.cpu_percent, "percent", "alert")
    yield Threshold("certificate", monitoring.certificate_days, "days", "alert", above=False)


def _probe(probe: Probe) -> Iterator[Threshold]:
    for limit in probe.slow_above:
        yield Threshold("response time", _ms(limit), "ms", "alert", subject=probe.path)


def _alerts(limits: Thresholds) -> Iterator[Threshold]:
    if limits.error_percent:
        yield Threshold("errors", limits.error_percent, "percent", "alert")
    if limits.p95:
        yield Threshold("p95", _ms(limits.p95), "ms", "alert")
    if limits.memory_mb:
        yield Threshold("memory", limits.memory_mb, "MB", "alert")
    if limits.cache_hit_percent:
        yield Threshold("cache hits", limits.cache_hit_percent, "percent", "alert", above=False)
    if limits.pool_wait:
        yield Threshold("wait for a connection", _ms(limits.pool_wait), "ms", "alert")


def _targets(load: LoadTarget) -> Iterator[Threshold]:
    yield Threshold("requests", load.requests_per_second, "per second", "target", above=False)
    yield Threshold("users", load.users, "users", "target", above=False)
    if load.p95:
        yield Threshold("p95", _ms(load.p95), "ms", "target")
    for path, target in sorted(load.endpoints.items()):
        yield Threshold("p95", _ms(target.p95), "ms", "target", subject=path)
        yield Threshold("p99", _ms(target.p99), "ms", "target", subject=path)


def _ms(duration: timedelta) -> float:
    return duration / timedelta(milliseconds=1)
