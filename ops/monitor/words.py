"""Verdicts in words, for the terminal and the page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

from ops.monitor.judge import Verdict
from ops.monitor.monitor import Report
from planning.thresholds import Threshold, shown

Condition = Literal["well", "unknown", "beyond", "warning", "critical"]
"""`beyond` is beyond the limit, but not yet often or long enough; the last two fire."""


def condition(verdict: Verdict) -> Condition:
    """How one alert is."""
    if verdict.state.phase == "firing":
        return verdict.alert.threshold.severity
    if verdict.measured is None:
        return "unknown"
    return "beyond" if verdict.beyond else "well"


def worst(verdicts: Sequence[Verdict]) -> Condition:
    """How a system is: as its worst alert; what could not be measured counts as well where something could."""
    order: tuple[Condition, ...] = ("critical", "warning", "beyond", "well")
    found = {condition(verdict) for verdict in verdicts}
    return next((name for name in order if name in found), "unknown")


def value(verdict: Verdict) -> str:
    """What was measured."""
    return "not measured" if verdict.measured is None else shown(verdict.alert.threshold, verdict.measured)


def limit(threshold: Threshold) -> str:
    """Where trouble begins."""
    if threshold.unit == "yes or no":
        return ""
    return f"{'above' if threshold.above else 'below'} {shown(threshold)}"


def uptime(good: int, asked: int, promise: float | None) -> str:
    """The share of rounds in which the system was up, and the promise that it is held against."""
    if not asked:
        return "no round yet"
    share = 100 * good / asked
    if promise is None:
        return f"up in {_percent(share)} of {asked} rounds"
    verdict = "kept" if share >= promise else "broken"
    return f"up in {_percent(share)} of {asked} rounds; {promise:g} % promised: {verdict}"


def plain(report: Report) -> Iterator[str]:
    """A line for each alert, for pipes and logs; then what went wrong with telling people."""
    moment = report.at.strftime("%H:%M:%S")
    for system, verdicts in report.verdicts.items():
        for verdict in verdicts:
            remark = f" ({verdict.remark})" if verdict.remark else ""
            said = ", trouble ".join(part for part in (value(verdict), limit(verdict.alert.threshold)) if part)
            yield f"{moment}  {system}  {condition(verdict):<8}  {verdict.alert.threshold.measure}: {said}{remark}"
    for verdicts in report.verdicts.values():
        yield from (f"{moment}  told: {verdict.message.title}" for verdict in verdicts if verdict.message)
    yield from (f"{moment}  {trouble}" for trouble in report.troubles)


def _percent(share: float) -> str:
    """Never 100 % where something was missed."""
    return "100 %" if share == 100 else f"{min(share, 99.99):.2f} %"
