"""How a running load test stands, for whoever watches it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from ops.loadtest.recording import Recording
from planning.load_plan import LoadPlan

_WINDOW_SECONDS: Final = 5


@dataclass(frozen=True)
class Moment:
    """After `seconds`. Rates and percentiles (in ms) are of the last few seconds, errors of the whole time."""

    seconds: int
    phase: str
    offered: float
    achieved: float
    users: int
    p50: float
    p95: float
    p99: float
    requests: int
    errors: int


def moment(plan: LoadPlan, recording: Recording, seconds: int) -> Moment:
    """How it stands after so many whole seconds."""
    first = max(0, seconds - _WINDOW_SECONDS)
    recent = recording.between(first, seconds)
    phase = next((each for each in reversed(plan.phases) if each.start < seconds), plan.phases[0])
    share = min(1.0, (seconds - phase.start) / phase.seconds)
    return Moment(
        seconds=seconds,
        phase=phase.name if seconds <= plan.seconds else "waiting for the last answers",
        offered=phase.begin + (phase.end - phase.begin) * share if seconds <= plan.seconds else 0.0,
        achieved=sum(recording.answered_at[second] for second in range(first, seconds)) / (seconds - first),
        users=recording.users_at.get(seconds - 1, 0),
        p50=recent.latencies.percentile(50) * 1000,
        p95=recent.latencies.percentile(95) * 1000,
        p99=recent.latencies.percentile(99) * 1000,
        requests=sum(cell.requests for cell in recording.cells.values()),
        errors=sum(cell.errors for cell in recording.cells.values()),
    )
