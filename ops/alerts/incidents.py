"""Reads an incident from a file: a timeline that a person wrote in YAML, or the monitor's log in JSON lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

from ops.errors import OperationError
from ops.exit_code import ExitCode
from planning.alerts.alert import Alert
from planning.alerts.incident import Incident, Round
from settings.duration import parse
from settings.problem import did_you_mean


class _Timeline(BaseModel):
    """`measures` holds, by measure, points `[time, value]`: a value holds until the next point.

    `"~2000"` as a value is reached evenly from the point before.
    """

    model_config = ConfigDict(extra="forbid", strict=True)

    lasts: str
    measures: dict[str, list[tuple[str, float | int | str]]]


class _Line(BaseModel):
    """A line of the log, as far as it matters here."""

    at: float
    system: str
    measured: dict[str, float | None]


def read_incident(file: Path, system: str, alerts: Sequence[Alert]) -> Incident:
    """The incident in a `.yaml` timeline or a `.jsonl` log, for one system. Raises OperationError."""
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise OperationError(f"{file} cannot be read: {error}", ExitCode.USAGE) from error
    try:
        rounds = _logged(text, system) if file.suffix == ".jsonl" else _timeline(text, alerts)
    except (ValueError, yaml.YAMLError) as error:
        way_out = "a line of the monitor's log" if file.suffix == ".jsonl" else "lasts and measures, as the docs show"
        raise OperationError(f"{file} is no incident: {error}; write it as {way_out}", ExitCode.USAGE) from error
    if not rounds:
        raise OperationError(f"{file} has no round of {system}", ExitCode.USAGE)
    return Incident(file.stem, tuple(rounds))


def _logged(text: str, system: str) -> list[Round]:
    found = []
    for line in text.splitlines():
        entry = _Line.model_validate_json(line)
        if entry.system == system:
            measured = {name: value for name, value in entry.measured.items() if value is not None}
            found.append(Round(entry.at, measured))
    return sorted(found, key=lambda round_: round_.at)


def _timeline(text: str, alerts: Sequence[Alert]) -> list[Round]:
    told = _Timeline.model_validate(yaml.safe_load(text), strict=False)
    known = {alert.threshold.measure for alert in alerts}
    for measure in told.measures:
        if measure not in known:
            hint = did_you_mean(measure, known) or f"it has {', '.join(sorted(known))}"
            raise ValueError(f"the system has no measure {measure}; {hint}")
    points = {measure: _points(listed) for measure, listed in told.measures.items()}
    interval = alerts[0].watch.interval
    return [
        Round((number * interval).total_seconds(), _at(points, number * interval))
        for number in range(parse(told.lasts) // interval + 1)
    ]


Point = tuple[timedelta, float, bool]
"""When, the value, and whether it is reached evenly."""


def _points(listed: Sequence[tuple[str, float | int | str]]) -> list[Point]:
    return [
        (parse(time) if time != "0s" else timedelta(), float(str(value).removeprefix("~")), str(value).startswith("~"))
        for time, value in listed
    ]


def _at(points: Mapping[str, Sequence[Point]], at: timedelta) -> dict[str, float]:
    """What was measured then. Before its first point a measure was not measured."""
    found = {}
    for measure, listed in points.items():
        for (start, value, _), (end, target, evenly) in pairwise([*listed, (timedelta.max, 0.0, False)]):
            if start <= at < end:
                share = (at - start) / (end - start) if evenly else 0.0
                found[measure] = value + (target - value) * share
    return found
