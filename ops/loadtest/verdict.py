"""Holds what was measured against the thresholds, each with what it was measured from."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import ceil
from typing import Final

from ops.loadtest.recording import Cell, Recording, Where
from ops.loadtest.sockets import SocketRecording
from planning.load_plan import LoadPlan
from planning.thresholds import Threshold

KEPT: Final = frozenset({"HIT", "STALE", "UPDATING", "REVALIDATED"})
FETCHED: Final = frozenset({"MISS", "EXPIRED"})
"""CF-Cache-Status of answers that came from the cache, and of those that could have (Cloudflare docs, "Cloudflare cache
responses", 2026-08). The others, DYNAMIC, BYPASS and NONE, were never to be kept."""

_PERCENTILES: Final = {"p95": 95, "p99": 99}


@dataclass(frozen=True)
class Judgement:
    """One threshold, and what came of it: `measured` is None where nothing was there to measure."""

    threshold: Threshold
    measured: float | None
    note: str = ""

    @property
    def missed(self) -> bool:
        return self.measured is not None and self.threshold.beyond(self.measured)

    @property
    def word(self) -> str:
        """`kept`, `missed` or `not measured`."""
        if self.measured is None:
            return "not measured"
        return "missed" if self.missed else "kept"


def judge(plan: LoadPlan, recording: Recording, sockets: SocketRecording | None) -> list[Judgement]:
    """Every threshold that a load test can see, in their order."""
    judge_one = _Judge(plan, recording)
    found = [judge_one(threshold) for threshold in plan.targets]
    errors = next((each for each in plan.targets if each.name == "errors"), None)
    if sockets and plan.socket and errors:
        share = 100 * sockets.lost / sockets.wanted
        subject = Threshold("errors", errors.value, "percent", "alert", subject=plan.socket.path)
        found.append(Judgement(subject, share, f"{sockets.lost} of {sockets.wanted} users with a WebSocket"))
    return found


class _Judge:
    def __init__(self, plan: LoadPlan, recording: Recording) -> None:
        self._plan = plan
        self._recording = recording
        self._paths = [request.path for request in plan.requests.values()]

    def __call__(self, threshold: Threshold) -> Judgement:
        match threshold.name:
            case "requests":
                seconds = sum(phase.seconds for phase in self._plan.phases if phase.judged)
                return Judgement(threshold, self._judged().answers / seconds)
            case "users":
                return Judgement(threshold, self._users())
            case "errors":
                whole = self._recording.whole()
                measured = 100 * whole.errors / whole.requests if whole.requests else None
                return Judgement(threshold, measured, budget(whole, threshold.value))
            case "cache hits":
                return self._cache(threshold)
            case _:
                return self._percentile(threshold)

    def _judged(self, of: Callable[[int], bool] = lambda _: True) -> Cell:
        """What was due in the judged phases, for the requests of the mix that are meant."""

        def meant(where: Where) -> bool:
            return self._plan.phases[where[0]].judged and of(where[2])

        return self._recording.whole(meant)

    def _users(self) -> float | None:
        seconds = set(judged_seconds(self._plan))
        return max((count for second, count in self._recording.users_at.items() if second in seconds), default=None)

    def _cache(self, threshold: Threshold) -> Judgement:
        caches = self._judged().caches
        kept, fetched = (sum(caches[word] for word in words) for words in (KEPT, FETCHED))
        if not kept + fetched:
            why = "no answer was of a kind that is kept" if caches else "no answer came through Cloudflare"
            return Judgement(threshold, None, why)
        left_out = caches.total() - kept - fetched
        note = f"of {kept + fetched} answers that may be kept" + (f"; {left_out} others left out" if left_out else "")
        return Judgement(threshold, 100 * kept / (kept + fetched), note)

    def _percentile(self, threshold: Threshold) -> Judgement:
        subject, percent = threshold.subject, _PERCENTILES[threshold.name]
        cell = self._judged(lambda request: not subject or self._paths[request] == subject)
        count = cell.latencies.total
        if not count:
            return Judgement(threshold, None, "nothing was due in a judged phase")
        note = f"of {count} requests only" if count * (100 - percent) < 100 else ""
        return Judgement(threshold, cell.latencies.percentile(percent) * 1000, note)


def judged_seconds(plan: LoadPlan) -> Iterator[int]:
    """The whole seconds of the judged phases, counted from the start; those in part where a phase has no whole one."""
    for phase in plan.phases:
        if phase.judged:
            end = phase.start + phase.seconds
            yield from range(ceil(phase.start), int(end)) or range(int(phase.start), ceil(end))


def budget(whole: Cell, percent: float) -> str:
    """How much of the errors that are allowed was used up."""
    allowed = whole.requests * percent / 100
    if not allowed:
        return ""
    return f"{whole.errors} of {int(allowed)} allowed errors, {whole.errors / allowed:.0%} of the budget"
