"""The one list of thresholds of a system: alerts, monitors, dashboards and load tests are made from it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Literal

from settings.duration import parse
from settings.fly_system import FlySystem
from settings.monitoring import Monitoring, Probe
from settings.system import System
from settings.thresholds import LoadTarget, Thresholds

Unit = Literal["ms", "percent", "MB", "days", "per second", "users", "machines", "changes", "yes or no"]
Severity = Literal["warning", "critical"]

LASTS: Final = timedelta(minutes=5)
"""How long a number from within must be beyond its limit: the window of App Platform's own alerts (FIVE_MINUTES), so
that the platform, Prometheus and the monitor speak at the same time."""

FLAPPING_WINDOW: Final = timedelta(minutes=30)
FLAPPING_CHANGES: Final = 5
"""More changes between good and bad in half an hour than this are trouble by themselves, though no outage lasts."""


@dataclass(frozen=True)
class Threshold:
    """`value` in `unit`. An alert is raised beyond it, a target must be kept: `above` tells on which side trouble is.

    `subject` is the path or domain that it is about, `""` for the whole system. An alert waits until the trouble was
    seen `in_a_row` times and `lasts` so long.
    """

    name: str
    value: float
    unit: Unit
    kind: Literal["alert", "target"]
    above: bool = True
    subject: str = ""
    severity: Severity = "warning"
    in_a_row: int = 1
    lasts: timedelta = timedelta()

    @property
    def measure(self) -> str:
        """What is compared with the value: the name, and what it is about."""
        return f"{self.name} {self.subject}".rstrip()

    def beyond(self, measured: float) -> bool:
        """Whether the measured value is on the side where trouble is."""
        return measured > self.value if self.above else measured < self.value


def thresholds(system: System) -> list[Threshold]:
    """All of them, alerts first."""
    monitoring = system.monitoring
    if monitoring is None:
        return []
    memory = system.app.machines.memory_mb if isinstance(system, FlySystem) else None
    found = [*limits(monitoring, memory), *_instances(system, monitoring), *_names(system, monitoring)]
    for probe in monitoring.probes.values():
        found += probe_limits(probe, monitoring)
    if monitoring.thresholds:
        found += _alerts(monitoring.thresholds)
        if monitoring.thresholds.load:
            found += _targets(monitoring.thresholds.load)
    return sorted(found, key=lambda threshold: threshold.kind == "target")


def alerts(system: System) -> list[Threshold]:
    """Those that raise an alert."""
    return [threshold for threshold in thresholds(system) if threshold.kind == "alert"]


def shown(threshold: Threshold, value: float | None = None) -> str:
    """Its value, or another of the same unit, for people."""
    value = threshold.value if value is None else value
    if threshold.unit == "yes or no":
        return "yes" if value >= 1 else "no"
    if threshold.unit == "machines":
        return f"{value:g}"
    unit = "%" if threshold.unit == "percent" else threshold.unit
    return f"{round(value, 1):g} {unit}"


def limits(monitoring: Monitoring, memory_mb: int | None = None) -> Iterator[Threshold]:
    """Memory, CPU, certificate; memory in MB where the machine's size is known, so that one number does for both."""
    levels: tuple[tuple[Severity, int | None], ...] = (
        ("warning", monitoring.memory_percent),
        ("critical", monitoring.memory_critical_percent),
    )
    for severity, percent in levels:
        if percent and memory_mb:
            yield Threshold("memory", memory_mb * percent / 100, "MB", "alert", severity=severity, lasts=LASTS)
        elif percent:
            yield Threshold("memory", percent, "percent", "alert", severity=severity, lasts=LASTS)
    if monitoring.cpu_percent:
        yield Threshold("cpu", monitoring.cpu_percent, "percent", "alert", lasts=LASTS)
    yield Threshold("certificate", monitoring.certificate_days, "days", "alert", above=False)


def _instances(system: System, monitoring: Monitoring) -> Iterator[Threshold]:
    """Fewer running than there must be, and none at all."""
    minimum = system.app.machines.minimum if isinstance(system, FlySystem) else system.app.instances[0]
    failures = monitoring.watch.failures
    if minimum > 1:
        yield Threshold("machines", minimum, "machines", "alert", above=False, in_a_row=failures)
    yield Threshold("machines", 1, "machines", "alert", above=False, severity="critical", in_a_row=failures)


def _names(system: System, monitoring: Monitoring) -> Iterator[Threshold]:
    """Every domain must lead to the app. Behind Cloudflare's proxy nobody outside can see where it leads."""
    if system.edge and system.edge.mode != "cloudflare":
        for domain in system.host_names:
            yield Threshold(
                "leads here",
                1,
                "yes or no",
                "alert",
                above=False,
                subject=domain,
                in_a_row=monitoring.watch.failures,
            )


def probe_limits(probe: Probe, monitoring: Monitoring) -> Iterator[Threshold]:
    """Those of one probe."""
    yield Threshold(
        "answers",
        1,
        "yes or no",
        "alert",
        above=False,
        subject=probe.path,
        severity="critical",
        in_a_row=probe.failures or monitoring.watch.failures,
    )
    yield Threshold("flapping", FLAPPING_CHANGES, "changes", "alert", subject=probe.path)
    for limit in probe.slow_above:
        # The first of several is the target, which is missed before anybody has to get up.
        severity: Severity = "warning" if limit == probe.slow_above[0] else "critical"
        yield Threshold(
            "response time",
            _ms(limit),
            "ms",
            "alert",
            subject=probe.path,
            severity=severity,
            lasts=parse(probe.slow_for),
        )


def _alerts(limits: Thresholds) -> Iterator[Threshold]:
    if limits.error_percent:
        yield Threshold("errors", limits.error_percent, "percent", "alert", severity="critical", lasts=LASTS)
    if limits.p95:
        yield Threshold("p95", _ms(limits.p95), "ms", "alert", lasts=LASTS)
    if limits.memory_mb:
        yield Threshold("memory", limits.memory_mb, "MB", "alert", lasts=LASTS)
    if limits.cache_hit_percent:
        yield Threshold("cache hits", limits.cache_hit_percent, "percent", "alert", above=False, lasts=LASTS)
    if limits.pool_wait:
        wait = _ms(limits.pool_wait)
        yield Threshold("wait for a connection", wait, "ms", "alert", severity="critical", lasts=LASTS)


def _targets(load: LoadTarget) -> Iterator[Threshold]:
    yield Threshold("requests", load.requests_per_second, "per second", "target", above=False)
    yield Threshold("users", load.users, "users", "target", above=False)
    if load.p95:
        yield Threshold("p95", _ms(load.p95), "ms", "target")
    if load.error_percent:
        yield Threshold("errors", load.error_percent, "percent", "target")
    for path, target in sorted(load.endpoints.items()):
        yield Threshold("p95", _ms(target.p95), "ms", "target", subject=path)
        yield Threshold("p99", _ms(target.p99), "ms", "target", subject=path)


def _ms(duration: timedelta) -> float:
    return duration / timedelta(milliseconds=1)
