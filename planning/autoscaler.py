"""The autoscaler's app: what it asks Fly.io's Prometheus, and its fly.toml.

Metric names: fly.io docs `monitoring/metrics`, 2026-08. Only shares of counters of one kind are used, so their units
do not matter.
"""

from __future__ import annotations

from typing import Any, Final

from planning.naming import physical_name
from settings.app import FlyApp
from settings.autoscaler import Autoscaler
from settings.duration import show
from settings.fly_system import FlySystem

_NAME_LIMIT: Final = 63
_WINDOW: Final = "2m"
METRIC: Final = "machines"
"""What the query's result is called in the autoscaler's expression."""


def autoscaler_app_name(system: FlySystem, environment: str) -> str:
    return physical_name(system.part_names["autoscaler"], environment, limit=_NAME_LIMIT)


def query(autoscaler: Autoscaler, app: str) -> str:
    """PromQL for the machines that would bring the average use to what is asked for: the larger number counts."""
    busy = f'rate(fly_instance_cpu{{app="{app}",mode!="idle"}}[{_WINDOW}])'
    whole = f'rate(fly_instance_cpu{{app="{app}"}}[{_WINDOW}])'
    free = f'fly_instance_memory_mem_available{{app="{app}"}}'
    memory = f'fly_instance_memory_mem_total{{app="{app}"}}'
    shares = {
        "cpu": (f"sum(sum by (instance) ({busy}) / sum by (instance) ({whole}))", autoscaler.cpu_percent),
        "memory": (f"sum(1 - {free} / {memory})", autoscaler.memory_percent),
    }
    # Without a label of its own the second would be taken for the first.
    wanted = [
        f'label_replace({used} / {percent / 100:g}, "by", "{kind}", "", "")'
        for kind, (used, percent) in shares.items()
        if percent is not None
    ]
    return f"max({' or '.join(wanted)})"


def autoscaler_toml(autoscaler: Autoscaler, app: FlyApp, app_name: str) -> dict[str, Any]:
    """The fly.toml of the autoscaler's app, but for its name; `app_name` is the app that it scales."""
    variables = {
        "FAS_APP_NAME": app_name,
        "FAS_REGIONS": app.region,
        "FAS_INTERVAL": show(autoscaler.interval),
        "FAS_MIN_STARTED_MACHINE_COUNT": str(app.machines.minimum),
        "FAS_MAX_STARTED_MACHINE_COUNT": str(app.machines.maximum),
        # Machines are started and stopped, never made or destroyed: how many there are is the release's business.
        "FAS_STARTED_MACHINE_COUNT": f"ceil({METRIC})",
        "FAS_PROMETHEUS_ADDRESS": f"https://api.fly.io/prometheus/{app.organization}",
        "FAS_PROMETHEUS_METRIC_NAME": METRIC,
        "FAS_PROMETHEUS_QUERY": query(autoscaler, app_name),
    }
    return {
        "primary_region": app.region,
        "deploy": {"strategy": "immediate", "wait_timeout": "5m"},
        "env": variables,
        "metrics": [{"port": 9090, "path": "/metrics"}],
        "vm": [{"size": "shared-cpu-1x", "memory": "256mb"}],
    }
