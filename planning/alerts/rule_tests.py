"""promtool's unit tests of the rules: Prometheus must say in every simulated incident what the monitor says."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from planning.alerts.alert import Alert, system_alerts
from planning.alerts.incident import KINDS, Incident, simulated
from planning.alerts.replay import replay
from planning.alerts.rules import alert_name, labels, notes
from planning.alerts.series import series
from settings.duration import show
from settings.system import System


def test_file(name: str, system: System, environment: str, rules: str) -> dict[str, Any]:
    """The content of a test file (Prometheus docs `configuration/unit_testing_rules`); `rules` is the rule file's path.

    Each alert is looked for in the round before it begins to fire, in that round, in the last in which it fires, and in
    the one after.
    """
    alerts = system_alerts(name, system)
    interval = show(alerts[0].watch.interval)
    return {
        "rule_files": [rules],
        "evaluation_interval": interval,
        "tests": [
            incident_test(simulated(kind, alerts), alerts, system, environment, title=f"{name}: {kind}")
            for kind in KINDS
        ],
    }


def incident_test(
    incident: Incident, alerts: Sequence[Alert], system: System, environment: str, *, title: str
) -> dict[str, Any]:
    """One incident, whose rounds are as far apart as the monitor's."""
    interval = alerts[0].watch.interval
    firing = replay(alerts, incident).firing
    rounds = [round_.at for round_ in incident.rounds]
    return {
        "name": title,
        "interval": show(interval),
        "input_series": [
            {
                "series": series(alert.system, system, alert.threshold),
                "values": " ".join(f"{round_.measured[measure]:g}" for round_ in incident.rounds),
            }
            for measure, alert in {alert.threshold.measure: alert for alert in alerts}.items()
            if measure in incident.rounds[0].measured
        ],
        "alert_rule_test": [
            {
                "eval_time": f"{at:.0f}s",
                "alertname": alert_name(alert),
                "exp_alerts": [_expected(alert, environment)] if at in firing[alert.key] else [],
            }
            for alert in alerts
            for at in _edges(rounds, set(firing[alert.key]))
        ],
    }


def _edges(rounds: Sequence[float], firing: set[float]) -> list[float]:
    """The rounds on both sides of each change; the last one where nothing changes."""
    changed = {
        at for before, after in pairwise(rounds) if (before in firing) != (after in firing) for at in (before, after)
    }
    return sorted(changed) or [rounds[-1]]


def _expected(alert: Alert, environment: str) -> dict[str, Any]:
    subject = {"subject": alert.threshold.subject} if alert.threshold.subject else {}
    return {"exp_labels": {**labels(alert, environment), **subject}, "exp_annotations": notes(alert)}
