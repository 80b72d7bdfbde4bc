"""One load test from its plan to its verdict, and the same as plain data for programs and for the next test."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from ops.loadtest.recording import Cell, Recording
from ops.loadtest.sockets import SocketRecording
from ops.loadtest.verdict import Judgement, judge
from planning.load_plan import LoadPlan

Document = dict[str, Any]

_LATE_SECONDS = 0.02
"""From here on the generator's own lateness is worth a word."""


@dataclass(frozen=True)
class Result:
    """What a test was, what it saw, and what is to be thought of it."""

    plan: LoadPlan
    host: str
    seed: int
    begun: datetime
    emulated: bool
    recording: Recording
    sockets: SocketRecording | None
    judgements: tuple[Judgement, ...]

    @property
    def verdict(self) -> Literal["reached", "missed", "stopped"]:
        if self.recording.stopped:
            return "stopped"
        return "missed" if any(judgement.missed for judgement in self.judgements) else "reached"

    def requests(self) -> dict[str, Cell]:
        """What came of each request of the mix in the judged phases, by its name."""
        return {name: self._of(number) for number, name in enumerate(self.plan.requests)}

    def _of(self, number: int) -> Cell:
        return self.recording.whole(lambda where: self.plan.phases[where[0]].judged and where[2] == number)

    def notes(self) -> list[str]:
        """What a reader must know beside the numbers."""
        found = []
        if self.recording.stopped:
            found.append(f"stopped {self.recording.stopped}")
        late = self.recording.lateness.percentile(99)
        if late > _LATE_SECONDS:
            found.append(
                f"this machine was busy: the generator sent 1 % of the requests {late * 1000:.0f} ms late or later, "
                "and their response times are that much too high"
            )
        if refused := self.recording.whole().outcomes["429"]:
            found.append(
                f"{refused} answers were 429 (too many requests): the edge or the app limits one address, "
                "see edge.firewall for a rule that lets the test pass"
            )
        return found


def result(
    plan: LoadPlan,
    host: str,
    seed: int,
    begun: datetime,
    recording: Recording,
    sockets: SocketRecording | None,
    *,
    emulated: bool,
) -> Result:
    """Judge what was recorded."""
    judgements = tuple(judge(plan, recording, sockets))
    return Result(plan, host, seed, begun, emulated, recording, sockets, judgements)


def document(found: Result) -> Document:
    """As JSON. Times in ms."""
    whole = found.recording.whole()
    return {
        "system": found.plan.system,
        "host": found.host,
        "emulated": found.emulated,
        "begun": found.begun.isoformat(timespec="seconds"),
        "seconds": found.plan.seconds,
        "seed": found.seed,
        "plan": found.plan.mark,
        "verdict": found.verdict,
        "notes": found.notes(),
        "requests": whole.requests,
        "errors": whole.errors,
        "outcomes": dict(sorted(whole.outcomes.items())),
        "caches": dict(sorted(whole.caches.items())),
        "generator_late_p99_ms": _ms(found.recording.lateness.percentile(99)),
        "targets": [
            {
                "name": judgement.threshold.measure,
                "limit": judgement.threshold.value,
                "unit": judgement.threshold.unit,
                "side": "at most" if judgement.threshold.above else "at least",
                "measured": None if judgement.measured is None else round(judgement.measured, 3),
                "verdict": judgement.word,
                "note": judgement.note,
            }
            for judgement in found.judgements
        ],
        "judged": {name: _cell(cell) for name, cell in found.requests().items()},
        "sockets": _sockets(found.sockets),
    }


def _cell(cell: Cell) -> Document:
    return {
        "requests": cell.requests,
        "errors": cell.errors,
        **{f"p{percent:g}_ms": _ms(cell.latencies.percentile(percent)) for percent in (50, 95, 99, 100)},
    }


def _sockets(sockets: SocketRecording | None) -> Document | None:
    if sockets is None:
        return None
    failures: Counter[str] = sockets.failures
    return {
        "users": sockets.wanted,
        "most_open": sockets.most_open,
        "failures": dict(sorted(failures.items())),
        "opening_p95_ms": _ms(sockets.opening.percentile(95)),
        "trip_p50_ms": _ms(sockets.trips.percentile(50)),
        "trip_p95_ms": _ms(sockets.trips.percentile(95)),
        "trip_p99_ms": _ms(sockets.trips.percentile(99)),
    }


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 3)
