"""Small load plans."""

from __future__ import annotations

from planning.load_plan import LoadPlan, Phase
from planning.thresholds import Threshold
from settings.load_test import LoadRequest, LoadSocket


def plan(
    *phases: Phase,
    targets: tuple[Threshold, ...] = (),
    think: float = 0.1,
    timeout: float = 5,
    socket: LoadSocket | None = None,
    **requests: LoadRequest,
) -> LoadPlan:
    """A plan of these phases; requests by name, `/` when there is none."""
    return LoadPlan(
        system="sample",
        phases=phases,
        requests=requests or {"root": LoadRequest(path="/")},
        think_seconds=think,
        timeout_seconds=timeout,
        targets=targets,
        socket=socket,
        secret_headers={},
    )


def steady(seconds: float, rate: float, *, judged: bool = True, start: float = 0) -> Phase:
    """A phase at one rate."""
    return Phase("steady", start, seconds, rate, rate, judged)


def target(name: str, value: float, unit: str, *, above: bool = True, subject: str = "") -> Threshold:
    """A target of a load test."""
    return Threshold(name, value, unit, "target", above, subject)  # type: ignore[arg-type]
