"""`thresholds`: the numbers of a stack's systems that alerts, monitors and load tests go by."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from ops.stack import load_stack
from planning.thresholds import Threshold, shown, thresholds
from settings.duration import show


def stack_thresholds(root: Path, stack_name: str, *, as_json: bool) -> Iterator[str]:
    """A line for each, or all as JSON by system. Raises OperationError for settings that are not valid."""
    stack = load_stack(root, stack_name)
    found = {name: thresholds(system) for name, system in stack.systems.items()}
    if as_json:
        yield json.dumps({name: [_fields(threshold) for threshold in listed] for name, listed in found.items()})
        return
    for name, listed in found.items():
        yield name
        yield from (f"  {_said(threshold)}" for threshold in listed)


def _fields(threshold: Threshold) -> dict[str, Any]:
    return {**asdict(threshold), "lasts": threshold.lasts.total_seconds()}


def _said(threshold: Threshold) -> str:
    if threshold.kind == "target":
        return f"target    {threshold.measure}: {'at most' if threshold.above else 'at least'} {shown(threshold)}"
    yes_or_no = threshold.unit == "yes or no"
    limit = "no" if yes_or_no else f"{'above' if threshold.above else 'below'} {shown(threshold)}"
    waits = [f"{threshold.in_a_row} times in a row"] if threshold.in_a_row > 1 else []
    waits += [f"for {show(threshold.lasts)}"] if threshold.lasts else []
    return f"{threshold.severity:<8}  {' '.join((f'{threshold.measure}: {limit}', *waits))}"
