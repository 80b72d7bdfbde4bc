"""`thresholds`: the numbers of a stack's systems that alerts, monitors and load tests go by."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from ops.errors import OperationError
from ops.exit_code import ExitCode
from planning.thresholds import Threshold, thresholds
from settings.load import load
from settings.problem import SettingsError


def stack_thresholds(root: Path, stack_name: str, *, as_json: bool) -> Iterator[str]:
    """A line for each, or all as JSON by system. Raises OperationError for settings that are not valid."""
    try:
        stack = load(root, stack_name)
    except SettingsError as error:
        raise OperationError(str(error), ExitCode.SETTINGS) from None
    found = {name: thresholds(system) for name, system in stack.systems.items()}
    if as_json:
        yield json.dumps({name: [asdict(threshold) for threshold in listed] for name, listed in found.items()})
        return
    for name, listed in found.items():
        yield name
        yield from (f"  {_said(threshold)}" for threshold in listed)


def _said(threshold: Threshold) -> str:
    beyond = "above" if threshold.above else "below"
    side = beyond if threshold.kind == "alert" else "at most" if threshold.above else "at least"
    unit = "%" if threshold.unit == "percent" else threshold.unit
    subject = f" of {threshold.subject}" if threshold.subject else ""
    return f"{threshold.kind:<6}  {threshold.name}{subject}: {side} {threshold.value:g} {unit}"
