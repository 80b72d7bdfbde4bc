"""Uptime checks and their alerts, from a system's probes and limits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

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
    for limit in probe.slow_above:
        threshold = limit // timedelta(milliseconds=1)
        found.append(Alert(f"slow-{threshold}ms", "latency", probe.slow_for, threshold, "greater_than"))
    if certificate:
        found.append(Alert("certificate", "ssl_expiry", "2m", monitoring.certificate_days, "less_than"))
    return found


def certificate_probe(monitoring: Monitoring) -> str:
    """All probes of a system share its certificate, so one of them watches it: the first by name."""
    return min(monitoring.probes)
