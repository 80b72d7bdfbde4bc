"""An incident: what was measured, round by round. Simulated from the thresholds, or recorded by the monitor."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from typing import Final

from planning.alerts.alert import Alert
from planning.thresholds import FLAPPING_WINDOW, Threshold


@dataclass(frozen=True)
class Round:
    """What was measured at a time, in seconds, by measure. What is not in it could not be measured."""

    at: float
    measured: Mapping[str, float]


@dataclass(frozen=True)
class Incident:
    """Rounds in the order of time."""

    name: str
    rounds: tuple[Round, ...]


@dataclass(frozen=True)
class Limits:
    """The nearest and the furthest threshold of a measure: well is within the first, trouble beyond the second."""

    nearest: Threshold
    furthest: Threshold

    @property
    def well(self) -> float:
        """A value that is nobody's trouble."""
        limit = self.nearest
        if limit.above:
            return limit.value / 2
        if limit.unit == "percent":
            return (limit.value + 100) / 2
        return limit.value * 2 if limit.value > 1 else limit.value

    @property
    def beyond(self) -> float:
        """A value that raises every alert on the measure."""
        limit = self.furthest
        if not limit.above:
            return limit.value / 2 if limit.value > 1 else 0.0
        return min(limit.value * 1.5, 100) if limit.unit == "percent" else limit.value * 1.5


Shape = Callable[[Limits, float], float]
"""The limits of a measure and minutes since the start → what is measured then."""

_BEGINS: Final = 10
_ENDS: Final = 40
_LASTS: Final = 80


def simulated(kind: str, alerts: Sequence[Alert]) -> Incident:
    """An incident of that kind for a system with these alerts: trouble from minute 10 to 40. Raises KeyError."""
    touched, shape = KINDS[kind]
    interval = alerts[0].watch.interval
    measures = _limits([alert.threshold for alert in alerts if alert.threshold.name != "flapping"])
    rounds = []
    for number in range(int(timedelta(minutes=_LASTS) / interval) + 1):
        at = (number * interval).total_seconds()
        measured = {
            measure: shape(limits, at / 60) if limits.nearest.name in touched else limits.well
            for measure, limits in measures.items()
        }
        rounds.append(Round(at, measured))
    return Incident(kind, tuple(rounds))


def _limits(thresholds: Sequence[Threshold]) -> dict[str, Limits]:
    found: dict[str, list[Threshold]] = {}
    for threshold in thresholds:
        found.setdefault(threshold.measure, []).append(threshold)
    outward = {
        measure: sorted(listed, key=lambda limit: limit.value if limit.above else -limit.value)
        for measure, listed in found.items()
    }
    return {measure: Limits(listed[0], listed[-1]) for measure, listed in outward.items()}


def _between(limits: Limits, minute: float) -> float:
    return limits.beyond if _BEGINS <= minute < _ENDS else limits.well


def _rising(limits: Limits, minute: float) -> float:
    """A leak: from well to beyond every limit within half an hour, then a restart."""
    if not _BEGINS <= minute < _ENDS:
        return limits.well
    return limits.well + (limits.beyond - limits.well) * (minute - _BEGINS) / (_ENDS - _BEGINS)


def _burst(limits: Limits, minute: float) -> float:
    """Twice: too short to be told, then long enough."""
    return limits.beyond if _BEGINS <= minute < _BEGINS + 4 or 25 <= minute < _ENDS else limits.well


def _counting_down(limits: Limits, minute: float) -> float:
    """A day a minute, and a new certificate in the end."""
    return max(limits.nearest.value + _BEGINS - minute, 0) if minute < _ENDS else 90.0


def _to_and_fro(limits: Limits, minute: float) -> float:
    return 0.0 if _BEGINS <= minute < _ENDS and int(minute) % 2 else limits.well


def _again(limits: Limits, minute: float) -> float:
    """Down for six minutes, up for four, again and again: each time long enough to be told."""
    return 0.0 if _BEGINS <= minute < _ENDS and (minute - _BEGINS) % 10 < 6 else limits.well


KINDS: Final[Mapping[str, tuple[frozenset[str], Shape]]] = {
    "outage": (frozenset({"answers", "machines"}), _between),
    "outages": (frozenset({"answers"}), _again),
    "flapping": (frozenset({"answers"}), _to_and_fro),
    "slow": (frozenset({"response time", "p95", "wait for a connection"}), _between),
    "memory-leak": (frozenset({"memory", "cpu"}), _rising),
    "error-burst": (frozenset({"errors"}), _burst),
    "cache-drop": (frozenset({"cache hits"}), _between),
    "certificate": (frozenset({"certificate"}), _counting_down),
    "wrong-dns": (frozenset({"leads here"}), _between),
}
"""By kind, the measures that go wrong and how."""


def changes(answers: Sequence[tuple[float, float]], at: float) -> float:
    """How often the answers changed between good and bad in the flapping window before `at`, as PromQL's changes()."""
    window = [value for time, value in answers if at - FLAPPING_WINDOW.total_seconds() <= time <= at]
    return float(sum(before != after for before, after in pairwise(window)))
