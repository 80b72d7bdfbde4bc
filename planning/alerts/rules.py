"""Prometheus: the alert rules of a system, and the recording rules that they stand on."""

from __future__ import annotations

from typing import Any, Final

from planning.alerts.alert import Alert, system_alerts
from planning.alerts.series import recordings, series
from settings.duration import show
from settings.system import System

SILENT: Final = "MonitorSilent"
"""The one alert that no threshold stands for: without the monitor most of the others could never fire."""
_SILENT_ROUNDS: Final = 5


def rule_file(name: str, system: System, environment: str) -> dict[str, Any]:
    """The content of a rule file (Prometheus docs `configuration/alerting_rules`; keep_firing_for came with 2.42).

    The group is evaluated as often as the monitor asks, so that both count the same rounds.
    """
    listed = system_alerts(name, system)
    rules: list[dict[str, Any]] = [
        {"record": rule.series, "expr": rule.expression, **({"labels": rule.labels} if rule.labels else {})}
        for rule in recordings(name, system, environment, [alert.threshold for alert in listed])
    ]
    rules += [_rule(alert, system, environment) for alert in listed]
    interval = listed[0].watch.interval
    rules.append(
        {
            "alert": SILENT,
            "expr": f'absent(slipway_answers{{system="{name}"}})',
            "for": show(_SILENT_ROUNDS * interval),
            "labels": {"system": name, "environment": environment, "severity": "critical"},
            "annotations": {"summary": f"{name}: the monitor reports nothing"},
        }
    )
    return {"groups": [{"name": f"slipway-{name}", "interval": show(interval), "rules": rules}]}


def alert_name(alert: Alert) -> str:
    """As Prometheus writes names: `memory-critical` → `MemoryCritical`."""
    return "".join(word.capitalize() for word in alert.key.split("-"))


def labels(alert: Alert, environment: str) -> dict[str, str]:
    """What routes go by. `measure` is what two alerts of different severity have in common."""
    return {
        "system": alert.system,
        "environment": environment,
        "severity": alert.threshold.severity,
        "measure": alert.threshold.measure,
    }


def notes(alert: Alert) -> dict[str, str]:
    """What people read."""
    return {"summary": f"{alert.system}: {alert.meaning}"}


def _rule(alert: Alert, system: System, environment: str) -> dict[str, Any]:
    side = ">" if alert.threshold.above else "<"
    rule: dict[str, Any] = {
        "alert": alert_name(alert),
        "expr": f"{series(alert.system, system, alert.threshold)} {side} {alert.threshold.value:g}",
    }
    if alert.waits:
        rule["for"] = show(alert.waits)
    if alert.clears:
        rule["keep_firing_for"] = show(alert.clears)
    return {**rule, "labels": labels(alert, environment), "annotations": notes(alert)}
