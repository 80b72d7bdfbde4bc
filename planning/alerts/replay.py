"""What the monitor would have done in an incident: the same state machine, fed with what was measured."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from planning.alerts.alert import Alert
from planning.alerts.incident import Incident, changes
from planning.alerts.state import State, step

What = Literal["pending", "firing", "quiet", "told firing", "told still firing", "told recovered", "held back"]


@dataclass(frozen=True)
class Event:
    """What became of an alert in the round at a time, in seconds."""

    at: float
    alert: Alert
    what: What
    measured: float


@dataclass(frozen=True)
class Replayed:
    """All events in order, and by alert's key the times of the rounds in which it fired."""

    events: tuple[Event, ...]
    firing: dict[str, tuple[float, ...]]


def replay(alerts: Sequence[Alert], incident: Incident) -> Replayed:
    """Feed each round to each alert. Flapping is computed from the answers, as the monitor does."""
    states = {alert.key: State() for alert in alerts}
    answers: dict[str, list[tuple[float, float]]] = {}
    events: list[Event] = []
    firing: dict[str, list[float]] = {alert.key: [] for alert in alerts}
    for round_ in incident.rounds:
        measured = dict(round_.measured)
        for measure, value in round_.measured.items():
            if measure.startswith("answers "):
                seen = answers.setdefault(measure, [])
                seen.append((round_.at, value))
                measured[measure.replace("answers", "flapping", 1)] = changes(seen, round_.at)
        for alert in alerts:
            if alert.threshold.measure not in measured:
                continue
            value = measured[alert.threshold.measure]
            states[alert.key], found = _events(alert, states[alert.key], round_.at, value)
            events += found
            if states[alert.key].phase == "firing":
                firing[alert.key].append(round_.at)
    return Replayed(tuple(events), {key: tuple(times) for key, times in firing.items()})


def _events(alert: Alert, before: State, at: float, value: float) -> tuple[State, list[Event]]:
    after, notice = step(alert, before, at, value)
    words: list[What] = [after.phase] if after.phase != before.phase else []
    if notice:
        words.append(f"told {notice.word}")  # type: ignore[arg-type]  # Word is a part of What
    elif after.phase == "firing" != before.phase:
        words.append("held back")
    return after, [Event(at, alert, word, value) for word in words]
