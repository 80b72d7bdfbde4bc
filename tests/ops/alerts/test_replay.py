"""`alerts test`: an incident from a file or from nowhere, and what would have been told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ops.alerts.incidents import read_incident
from ops.alerts.replay import replay_stack
from ops.errors import OperationError
from tests.planning.alerts.watched import alerts, stack

TIMELINE = """
lasts: 30m
measures:
  memory: [[0s, 1000], [10m, ~2000]]
  answers /api/simple-health: [[0s, 1], [20m, 0], [25m, 1]]
"""


def said(incident: str, only: str | None = "paintbox") -> list[str]:
    return list(replay_stack(stack("production"), only, incident, as_json=False))


def file(folder: Path, name: str, text: str) -> str:
    (folder / name).write_text(text)
    return str(folder / name)


def test_a_simulated_incident_is_told_minute_by_minute() -> None:
    assert said("slow") == [
        "paintbox: slow",
        "   15:00  WARNING         response-time-api-simple-health: response time of /api/simple-health above "
        "2000 ms for 5m, now 7500 ms",
        "   15:00  CRITICAL        response-time-api-simple-health-critical: response time of /api/simple-health "
        "above 5000 ms for 5m, now 7500 ms",
        "   41:00  recovered       response-time-api-simple-health: response time of /api/simple-health no "
        "longer above 2000 ms, now 1000 ms",
        "   41:00  recovered       response-time-api-simple-health-critical: response time of /api/simple-health "
        "no longer above 5000 ms, now 1000 ms",
    ]


def test_an_incident_that_does_not_concern_a_system_tells_nobody() -> None:
    assert said("cache-drop") == ["paintbox: cache-drop", "  nobody would have been told anything"]


def test_a_timeline_is_written_in_yaml_with_values_that_hold_or_are_reached_evenly(tmp_path: Path) -> None:
    incident = read_incident(Path(file(tmp_path, "leak.yaml", TIMELINE)), "paintbox", alerts("paintbox"))
    assert [round_.measured["memory"] for round_ in incident.rounds[:12]] == [*range(1000, 2001, 100), 2000]
    assert [round_.measured["answers /api/simple-health"] for round_ in incident.rounds[19:26]] == [1, 0, 0, 0, 0, 0, 1]
    assert len(incident.rounds) == 31
    told = [line.split()[:2] for line in said(str(tmp_path / "leak.yaml"))[1:]]
    assert told == [["13:00", "WARNING"], ["15:00", "CRITICAL"], ["22:00", "CRITICAL"], ["26:00", "recovered"]]


def test_a_log_of_the_monitor_is_an_incident(tmp_path: Path) -> None:
    start = 1_795_305_600
    rounds = [
        {"at": start + minute * 60, "system": "paintbox", "measured": {"answers /api/simple-health": 0, "memory": None}}
        for minute in range(3)
    ]
    other = {"at": start, "system": "tetrix", "measured": {"memory": 99}}
    log = file(tmp_path, "monitor.jsonl", "".join(f"{json.dumps(line)}\n" for line in [other, *rounds]))
    [_, line] = said(log)
    assert line.startswith("  2026-11-22 00:02:00  CRITICAL  ")


def test_as_json_every_step_is_there() -> None:
    [text] = replay_stack(stack("production"), "paintbox", "certificate", as_json=True)
    assert json.loads(text) == {
        "paintbox": [
            {"at": at, "alert": "certificate", "severity": "warning", "what": what, "measured": measured}
            for at, what, measured in (
                (660, "firing", 13),
                (660, "told firing", 13),
                (2460, "quiet", 90),
                (2460, "told recovered", 90),
            )
        ]
    }


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        ("a.yaml", "lasts: 5", "lasts"),
        ("a.yaml", "lasts: 5m\nmeasures: {memry: [[0s, 1]]}", 'no measure memry; did you mean "memory"'),
        ("a.yaml", "lasts: 5m\nmeasures: {memory: [[0, 1]]}", "measures.memory"),
        ("a.yaml", "lasts: 5x\nmeasures: {}", "is not a duration"),
        ("a.yaml", "a: [", "is no incident"),
        ("a.jsonl", '{"at": 1, "system": "tetrix", "measured": {}}', "has no round of paintbox"),
        ("a.jsonl", "", "has no round of paintbox"),
        ("a.jsonl", "{}", "is no incident"),
        ("a.jsonl", "nonsense", "is no incident"),
        ("a.jsonl", '{"system": "paintbox", "measured": 3}', "is no incident"),
    ],
)
def test_a_file_that_is_no_incident_is_refused(tmp_path: Path, name: str, text: str, problem: str) -> None:
    with pytest.raises(OperationError) as caught:
        said(file(tmp_path, name, text))
    assert problem in str(caught.value)


def test_what_is_neither_kind_nor_file_nor_system_is_refused() -> None:
    with pytest.raises(OperationError, match='outge is neither a simulated incident nor a file; did you mean "outage"'):
        said("outge")
    with pytest.raises(OperationError, match='paintbx is no system of production; did you mean "paintbox"'):
        said("outage", "paintbx")
