"""When an alert speaks: a pure state machine. Time comes in as seconds; nothing here asks a clock.

quiet → (beyond the limit) pending → (often and long enough) firing → (good often enough) quiet.
A round without a measurement changes nothing: an alert neither starts nor ends because nobody could look.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from planning.alerts.alert import Alert

Phase = Literal["quiet", "pending", "firing"]
Word = Literal["firing", "still firing", "recovered"]


@dataclass(frozen=True)
class State:
    """`since` is when the phase began, `told` when people last heard that it fires.

    `bad` counts rounds in a row beyond the limit, `good` those within it while it fires.

    `announced` says that people know of the firing that goes on, so that they must hear of its end as well.
    """

    phase: Phase = "quiet"
    since: float = 0
    bad: int = 0
    good: int = 0
    announced: bool = False
    told: float | None = None


@dataclass(frozen=True)
class Notice:
    """What people are told: `word` about the alert, at a time, and since when it is so."""

    alert: Alert
    word: Word
    at: float
    since: float
    measured: float | None


def step(alert: Alert, state: State, at: float, measured: float | None) -> tuple[State, Notice | None]:
    """The state after a round at the time `at`, in seconds, and the notice that it causes.

    `measured` is None where nothing could be measured.
    """
    if measured is None:
        return state, None
    if alert.threshold.beyond(measured):
        return _worse(alert, state, at, measured)
    return _better(alert, state, at, measured)


def _worse(alert: Alert, state: State, at: float, measured: float) -> tuple[State, Notice | None]:
    state = replace(state, bad=state.bad + 1, good=0)
    if state.phase == "quiet":
        state = replace(state, phase="pending", since=at)
    if state.phase == "pending":
        enough = state.bad >= alert.threshold.in_a_row and at - state.since >= alert.threshold.lasts.total_seconds()
        if not enough:
            return state, None
        state = replace(state, phase="firing", since=at, announced=False)
    return _tell(alert, state, at, measured)


def _tell(alert: Alert, state: State, at: float, measured: float) -> tuple[State, Notice | None]:
    """Firing is told once the cooldown since the last telling is over, and again each time `repeat` is."""
    pause = alert.watch.repeat if state.announced else alert.watch.cooldown
    if state.told is not None and at - state.told < pause.total_seconds():
        return state, None
    word: Word = "still firing" if state.announced else "firing"
    notice = Notice(alert, word, at, state.since, measured)
    return replace(state, announced=True, told=at), notice


def _better(alert: Alert, state: State, at: float, measured: float) -> tuple[State, Notice | None]:
    if state.phase == "quiet":
        return state, None
    if state.phase == "pending":
        return replace(state, phase="quiet", since=at, bad=0), None
    state = replace(state, good=state.good + 1, bad=0)
    if state.good < alert.watch.successes:
        return state, None
    notice = Notice(alert, "recovered", at, state.since, measured) if state.announced else None
    return replace(state, phase="quiet", since=at, good=0, announced=False), notice
