"""`alerts write`: what Prometheus, Alertmanager and Grafana need to watch a stack by the same thresholds."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from ops.errors import OperationError
from ops.exit_code import ExitCode
from ops.generated import write
from planning.alerts.dashboard import dashboard
from planning.alerts.platforms import platform_alerts
from planning.alerts.routes import routes
from planning.alerts.rule_tests import test_file
from planning.alerts.rules import rule_file
from settings.stack import Stack


def alert_files(stack: Stack) -> dict[str, str]:
    """The text of each file by its name. The same stack gives the same bytes.

    Raises OperationError for a stack in which nothing is watched.
    """
    watched = {name: system for name, system in stack.systems.items() if system.monitoring}
    if not watched:
        raise OperationError(f"no system of {stack.name} has monitoring; describe it there", ExitCode.USAGE)
    files = {}
    for name, system in watched.items():
        files[f"prometheus/{name}.rules.yaml"] = _yaml(rule_file(name, system, stack.environment))
        tests = test_file(name, system, stack.environment, f"{name}.rules.yaml")
        files[f"prometheus/{name}.tests.json"] = json.dumps(tests, indent=1) + "\n"
    files["alertmanager.yaml"] = _yaml(routes(watched))
    files["grafana.json"] = json.dumps(dashboard(watched, stack.environment), indent=1) + "\n"
    files["platforms.yaml"] = _yaml({name: platform_alerts(system) for name, system in stack.systems.items()})
    return files


def write_alerts(stack: Stack, folder: Path, *, check: bool) -> Iterator[str]:
    """Write the files below `folder`, or say that they are there already. Raises OperationError with `check`."""
    different = write(folder, alert_files(stack), check=check)
    if check and different:
        message = f"out of date in {folder}: {', '.join(different)}; run ./slipway alerts write"
        raise OperationError(message, ExitCode.UNVERIFIED)
    yield from (f"wrote {folder / name}" for name in different)
    if not different:
        yield "up to date"


def _yaml(content: Mapping[str, Any]) -> str:
    made: str = yaml.safe_dump(dict(content), sort_keys=False, width=110, allow_unicode=True)
    return f"# Made by `./slipway alerts write` from the thresholds of the systems.\n{made}"
