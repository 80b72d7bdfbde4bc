"""A recording as columns of equal width along the time, few enough to be drawn."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import Final

from ops.loadtest.recording import Cell, Recording
from planning.load_plan import LoadPlan

_MOST_COLUMNS: Final = 150


@dataclass(frozen=True)
class Column:
    """From one second on and before another. Rates in requests a second."""

    begin: int
    end: int
    cell: Cell
    """What was due in it."""
    offered: float
    achieved: float
    users: int

    @property
    def middle(self) -> float:
        return (self.begin + self.end) / 2


def columns(plan: LoadPlan, recording: Recording) -> list[Column]:
    """All columns, in the order of time; the last one may be narrower."""
    end = max(1, ceil(plan.seconds), max(recording.answered_at, default=0) + 1)
    if recording.stopped:
        end = max((second for _, second, _ in recording.cells), default=0) + 1
    width = ceil(end / _MOST_COLUMNS)
    return [_column(recording, begin, min(end, begin + width)) for begin in range(0, end, width)]


def _column(recording: Recording, begin: int, end: int) -> Column:
    cell = recording.between(begin, end)
    seconds = range(begin, end)
    return Column(
        begin,
        end,
        cell,
        offered=cell.requests / len(seconds),
        achieved=sum(recording.answered_at[second] for second in seconds) / len(seconds),
        users=max(recording.users_at.get(second, 0) for second in seconds),
    )
