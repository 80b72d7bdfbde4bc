"""Uptime checks and their alerts, from a system's probes and limits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from planning.thresholds import limits, probe_limits
from settings.monitoring import Monitoring, Probe

AlertType = Literal["down_global", "latency", "ssl_expiry"]


@dataclass(frozen=True)
class Alert:
    """One alert on one probe. `threshold` is in milliseconds for latency, in days for ssl_expiry, None for down."""

    role: str
    type: AlertType
    period: str
    threshold: int | None = None
    comparison: Literal["greater_than", "less_than"] | None = None


def alerts(monitoring: Monitoring, probe: Probe, *, certificate: bool) -> list[Alert]:
    """The alerts of one probe; `certificate` adds the one that warns before the certificate ends."""
    found = [Alert("down", "down_global", probe.down_for)]
    found += [
        Alert(f"slow-{limit.value:g}ms", "latency", probe.slow_for, int(limit.value), "greater_than")
        for limit in probe_limits(probe, monitoring)
        if limit.name == "response time"
    ]
    found += [
        Alert("certificate", "ssl_expiry", "2m", int(limit.value), "less_than")
        for limit in limits(monitoring)
        if certificate and limit.name == "certificate"
    ]
    return found


def certificate_probe(monitoring: Monitoring) -> str:
    """All probes of a system share its certificate, so one of them watches it: the first by name."""
    return min(monitoring.probes)
