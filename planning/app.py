"""The fly.toml of an app on Fly.io, as plain data, and how many machines run where."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Final

from planning.mount import mount
from planning.naming import physical_name
from settings.app import FlyApp, FlyCheck
from settings.duration import show

FlyToml = dict[str, Any]

NAME_LIMIT: Final = 63
"""An app's name is a label of its host name, so a label's length is its limit (RFC 1035)."""

STORAGE_VARIABLE: Final = "STORAGE_FOLDERS"
"""Tells the image's entry point which folders of the volume stand where: `/app/data=/storage/data,…`."""

_WHEN_IDLE: Final = {"stop": "stop", "suspend": "suspend", "keep": "off", "autoscaler": "off"}


def app_name(app: FlyApp, environment: str) -> str:
    return physical_name(app.name, environment, limit=NAME_LIMIT)


def machine_counts(app: FlyApp) -> dict[str, int]:
    """Machines per region. All exist from the start: Fly.io's proxy starts and stops machines, it never makes one."""
    return {app.region: app.machines.maximum}


def machines_at_once(app: FlyApp) -> int:
    """How many machines may be replaced together so that no more than asked are away, but at least one.

    A share would be rounded up by flyctl (0.4.80, machines_deploymachinesapp.go): 25 % of 6 machines would take 2.
    """
    return max(1, math.floor(app.machines.maximum * app.deploy.unavailable_percent / 100))


def fly_toml(app: FlyApp, given: Mapping[str, Any] | None = None) -> FlyToml:
    """The whole file but for the app's name, with fly.toml's own keys. `given` are variables from data services."""
    toml: FlyToml = {
        "primary_region": app.region,
        "kill_signal": app.shutdown.signal,
        "kill_timeout": show(app.shutdown.timeout),
        "swap_size_mb": app.machines.swap_mb,
        "deploy": _deploy(app),
        "env": {**_variables(app), **(given or {})},
        "http_service": _http_service(app),
        "checks": {
            name: {"type": check.kind, "port": app.port, **_check(check)}
            for name, check in sorted(app.checks.items())
            if check.steers == "deploys"
        },
        "mounts": [mount(app.volume)] if app.volume else None,
        "metrics": [{"port": app.metrics.port, "path": app.metrics.path}] if app.metrics else None,
        "vm": [{"size": app.machines.size, "memory": f"{app.machines.memory_mb}mb"}],
    }
    return {key: value for key, value in toml.items() if value not in (None, {}, [])}


def _deploy(app: FlyApp) -> FlyToml:
    deploy: FlyToml = {"strategy": app.deploy.strategy, "wait_timeout": show(app.deploy.wait)}
    if app.deploy.strategy == "rolling":
        deploy["max_unavailable"] = machines_at_once(app)
    return deploy


def _variables(app: FlyApp) -> dict[str, str]:
    variables = {**app.variables, "PORT": str(app.port)}
    if app.node_heap_mb:
        given = variables.get("NODE_OPTIONS", "")
        variables["NODE_OPTIONS"] = f"{given} --max-old-space-size={app.node_heap_mb}".strip()
    if app.volume and app.volume.folders:
        folders = (f"{path}={app.volume.path}/{folder}" for path, folder in sorted(app.volume.folders.items()))
        variables[STORAGE_VARIABLE] = ",".join(folders)
    return dict(sorted(variables.items()))


def _http_service(app: FlyApp) -> FlyToml:
    service: FlyToml = {
        "internal_port": app.port,
        "force_https": True,
        "auto_stop_machines": _WHEN_IDLE[app.machines.when_idle],
        "auto_start_machines": _WHEN_IDLE[app.machines.when_idle] != "off",
        "min_machines_running": app.machines.minimum,
        "concurrency": {
            "type": app.concurrency.counts,
            "soft_limit": app.concurrency.soft,
            "hard_limit": app.concurrency.hard,
        },
        "checks": [
            {"method": "GET", **_check(check)} for _, check in sorted(app.checks.items()) if check.steers == "traffic"
        ],
    }
    if app.headers:
        headers = {name: False if value is None else value for name, value in sorted(app.headers.items())}
        service["http_options"] = {"response": {"headers": headers}}
    return service


def _check(check: FlyCheck) -> FlyToml:
    """Durations carry their unit: Fly.io reads a bare number in a check as milliseconds."""
    times = {"interval": show(check.interval), "timeout": show(check.timeout), "grace_period": show(check.grace)}
    return {**times, "path": check.path} if check.path else times
