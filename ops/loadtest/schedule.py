"""When each request is due, and which one it is: fixed before the first is sent, and the same for the same seed."""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from math import sqrt
from random import Random

from planning.load_plan import LoadPlan, Phase


@dataclass(frozen=True)
class Schedule:
    """Side by side, for each request in the order of time: seconds from the start, its number in the mix, its phase."""

    due: array[float]
    request: array[int]
    phase: array[int]

    def __len__(self) -> int:
        return len(self.due)


def schedule(plan: LoadPlan, seed: int) -> Schedule:
    """Arrivals as of independent visitors (a Poisson process), but exactly as many a phase as the plan says.

    Under that condition the times are independent draws by the rate of the phase, in order.
    """
    lots = Random(seed)  # noqa: S311  repeatable on purpose
    weights = [request.weight for request in plan.requests.values()]
    due, request, phases = array("d"), array("B"), array("B")
    for number, phase in enumerate(plan.phases):
        count = phase.requests
        due.extend(sorted(phase.start + _moment(phase, lots.random()) for _ in range(count)))
        request.extend(lots.choices(range(len(weights)), weights, k=count))
        phases.extend([number] * count)
    return Schedule(due, request, phases)


def _moment(phase: Phase, share: float) -> float:
    """The second of a phase by which `share` of its requests are due."""
    slope = (phase.end - phase.begin) / phase.seconds
    if not slope:
        return share * phase.seconds
    wanted = share * (phase.begin + phase.end) / 2 * phase.seconds
    return (sqrt(max(0.0, phase.begin**2 + 2 * slope * wanted)) - phase.begin) / slope
