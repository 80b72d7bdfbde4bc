"""What a load test saw, by second, phase and request."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from ops.loadtest.histogram import Histogram, merged


@dataclass(slots=True)
class Cell:
    """What came of the requests that were due in one second."""

    latencies: Histogram = field(default_factory=Histogram)
    """Of answers and of those that were waited for in vain, which count as long as was waited."""
    outcomes: Counter[str] = field(default_factory=Counter)
    """By status, or in words where no answer came."""
    caches: Counter[str] = field(default_factory=Counter)
    """By CF-Cache-Status, where there was one."""

    @property
    def requests(self) -> int:
        return self.outcomes.total()

    @property
    def answers(self) -> int:
        """Answers of whatever status."""
        return sum(count for outcome, count in self.outcomes.items() if outcome.isdigit())

    @property
    def errors(self) -> int:
        """Everything but an answer below 400: what is asked for is known to be there."""
        return sum(count for outcome, count in self.outcomes.items() if is_error(outcome))


def is_error(outcome: str) -> bool:
    """Whether an outcome is one: no answer, or a status from 400 on."""
    return not outcome.isdigit() or int(outcome) >= 400


Where = tuple[int, int, int]
"""The number of the phase, the second from the start, the number of the request in the mix."""


@dataclass
class Recording:
    """Filled while the test runs, read by verdict and report."""

    cells: dict[Where, Cell] = field(default_factory=dict)
    answered_at: Counter[int] = field(default_factory=Counter)
    """Answers by the second in which they came."""
    users_at: dict[int, int] = field(default_factory=dict)
    """Users who were being served in a second."""
    lateness: Histogram = field(default_factory=Histogram)
    """How late the generator itself was with requests that it could have sent at once."""
    stopped: str = ""
    """Why it ended before its time."""

    def came(self, where: Where, outcome: str, latency: float | None, cache: str = "") -> None:
        """Note the end of one request. A latency of None is not counted: it says nothing about the server's speed."""
        cell = self.cells.get(where)
        if cell is None:
            cell = self.cells[where] = Cell()
        cell.outcomes[outcome] += 1
        if latency is not None:
            cell.latencies.add(latency)
        if cache:
            cell.caches[cache] += 1

    def whole(self, of: Callable[[Where], bool] = lambda _: True) -> Cell:
        """All that was seen where `of` says so, as one."""
        return together(cell for where, cell in self.cells.items() if of(where))

    def between(self, first: int, end: int) -> Cell:
        """All requests that were due from one second on and before another."""
        return self.whole(lambda where: first <= where[1] < end)


def together(cells: Iterable[Cell]) -> Cell:
    """One cell that holds what all of them hold."""
    found = list(cells)
    whole = Cell(merged(cell.latencies for cell in found))
    for cell in found:
        whole.outcomes.update(cell.outcomes)
        whole.caches.update(cell.caches)
    return whole
