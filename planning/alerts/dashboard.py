"""Grafana: a dashboard with a row a system and a panel a measure, each threshold a line in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from planning.alerts.alert import system_alerts
from planning.alerts.series import series
from planning.thresholds import Threshold, Unit
from settings.system import System

_SCHEMA: Final = 38
"""The dashboard format of Grafana 10."""
_COLUMNS, _WIDTH, _HEIGHT = 3, 8, 7

_UNITS: Final[Mapping[Unit, str]] = {
    "ms": "ms",
    "percent": "percent",
    "MB": "decmbytes",
    "days": "d",
    "per second": "reqps",
    "users": "none",
    "machines": "none",
    "changes": "none",
    "yes or no": "bool_yes_no",
}
_COLOURS: Final = {"warning": "orange", "critical": "red"}


def dashboard(systems: Mapping[str, System], environment: str) -> dict[str, Any]:
    """The dashboard's JSON model. Its data source is chosen in Grafana."""
    panels: list[dict[str, Any]] = []
    top = 0
    for name, system in systems.items():
        measures: dict[str, list[Threshold]] = {}
        for alert in system_alerts(name, system):
            measures.setdefault(alert.threshold.measure, []).append(alert.threshold)
        if not measures:
            continue
        panels.append({"type": "row", "title": name, "collapsed": False, "gridPos": _place(0, top, 24, 1)})
        for index, listed in enumerate(measures.values()):
            row, column = divmod(index, _COLUMNS)
            place = _place(column * _WIDTH, top + 1 + row * _HEIGHT, _WIDTH, _HEIGHT)
            panels.append({**_panel(name, system, listed), "gridPos": place})
        top += 1 + -(-len(measures) // _COLUMNS) * _HEIGHT
    return {
        "uid": f"slipway-{environment}",
        "title": f"Slipway: {environment}",
        "tags": ["slipway"],
        "schemaVersion": _SCHEMA,
        "refresh": "1m",
        "time": {"from": "now-24h", "to": "now"},
        "templating": {
            "list": [{"name": "source", "type": "datasource", "query": "prometheus", "label": "Prometheus"}]
        },
        "panels": [{"id": number, **panel} for number, panel in enumerate(panels, 1)],
    }


def _place(x: int, y: int, width: int, height: int) -> dict[str, int]:
    return {"x": x, "y": y, "w": width, "h": height}


def _panel(name: str, system: System, listed: list[Threshold]) -> dict[str, Any]:
    first = listed[0]
    source = {"type": "prometheus", "uid": "${source}"}
    return {
        "type": "timeseries",
        "title": first.measure,
        "datasource": source,
        "targets": [
            {
                "refId": "A",
                "datasource": source,
                "expr": series(name, system, first),
                "legendFormat": first.measure,
            }
        ],
        "fieldConfig": {
            "defaults": {
                "unit": _UNITS[first.unit],
                "min": 0,
                "custom": {"thresholdsStyle": {"mode": "line+area"}, "lineInterpolation": "stepAfter"},
                "thresholds": {"mode": "absolute", "steps": _steps(listed)},
            },
            "overrides": [],
        },
        "options": {"legend": {"showLegend": False}, "tooltip": {"mode": "single"}},
    }


def _steps(listed: list[Threshold]) -> list[dict[str, Any]]:
    """From the lowest value up; where trouble is below the limit, the colours start with it."""
    ordered = sorted(listed, key=lambda threshold: threshold.value)
    colours = [_COLOURS[threshold.severity] for threshold in ordered]
    colours = ["green", *colours] if ordered[0].above else [*colours, "green"]
    values = [None, *(threshold.value for threshold in ordered)]
    return [{"color": colour, "value": value} for colour, value in zip(colours, values, strict=True)]
