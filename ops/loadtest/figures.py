"""The plots of a load test."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from ops.loadtest.histogram import Histogram, merged
from ops.loadtest.plot import Plot, Point, powers, upto
from ops.loadtest.recording import is_error
from ops.loadtest.result import Result
from ops.loadtest.series import Column, columns

_LINES: Final = ((50, "a"), (95, "b"), (99, "c"), (100, "d"))
_BARS_A_DECADE: Final = 24
_ERROR_KINDS: Final = ("e1", "e2", "e3", "e4")


def figures(result: Result) -> list[str]:
    """All of them, as HTML."""
    found = columns(result.plan, result.recording)
    drawn = [_latencies(result, found), _rates(result, found)]
    if any(column.cell.errors for column in found):
        drawn.append(_errors(result, found))
    drawn.append(_distribution(result))
    return drawn


def milliseconds(value: float) -> str:
    """As people write it: `0.45 ms`, `12 ms`, `1.5 s`."""
    if value >= 1000:
        return f"{value / 1000:.3g} s"
    return f"{value:.3g} ms"


def clock(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"


def _along(result: Result, found: Sequence[Column], plot: Plot) -> None:
    """The phases behind what is drawn along the time."""
    for phase in result.plan.phases:
        end = min(phase.start + phase.seconds, found[-1].end)
        if phase.start < end:
            plot.band(phase.start, end, phase.name, "judged" if phase.judged else "phase")


def _latencies(result: Result, found: Sequence[Column]) -> str:
    answered = [column for column in found if column.cell.latencies.total]
    lines: dict[int, list[Point]] = {
        percent: [(column.middle, column.cell.latencies.percentile(percent) * 1000) for column in answered]
        for percent, _ in _LINES
    }
    time = upto(found[-1].end / 1.08, clock)
    whole = next((each.threshold for each in result.judgements if each.threshold.measure == "p95"), None)
    values = [value for points in lines.values() for _, value in points] + ([whole.value] if whole else [])
    plot = Plot(time, powers(values, milliseconds), "Response time, counted from when a request was due", 300)
    _along(result, found, plot)
    for percent, kind in reversed(_LINES):
        plot.line(lines[percent], kind, f"p{percent}" if percent < 100 else "slowest")
    if whole:
        plot.limit(whole.value, f"p95 target {milliseconds(whole.value)}")
    for column in answered:
        words = ", ".join(
            f"p{percent} {milliseconds(column.cell.latencies.percentile(percent) * 1000)}" for percent in (50, 95, 99)
        )
        plot.pointer(column.begin, column.end, f"{clock(column.begin)}: {words}")
    return plot.svg()


def _rates(result: Result, found: Sequence[Column]) -> str:
    target = next((each.threshold.value for each in result.judgements if each.threshold.name == "requests"), 0.0)
    highest = max(target, *(max(column.offered, column.achieved) for column in found))
    plot = Plot(upto(found[-1].end / 1.08, clock), upto(highest, "{:g}".format), "Requests a second")
    _along(result, found, plot)
    plot.area([(column.middle, column.offered) for column in found], "due", "due")
    plot.line([(column.middle, column.achieved) for column in found], "a", "answered")
    if target:
        plot.limit(target, f"target {target:g}/s")
    for column in found:
        words = f"{column.offered:.1f} due, {column.achieved:.1f} answered, {column.users} users"
        plot.pointer(column.begin, column.end, f"{clock(column.begin)}: {words}")
    return plot.svg()


def _errors(result: Result, found: Sequence[Column]) -> str:
    """By kind, the most frequent at the bottom; what is rare goes together."""
    totals = result.recording.whole().outcomes
    kinds = [outcome for outcome, _ in totals.most_common() if is_error(outcome)]
    named = dict(zip(kinds, _ERROR_KINDS, strict=False))
    rates = [(column, column.cell.errors / (column.end - column.begin)) for column in found]
    plot = Plot(
        upto(found[-1].end / 1.08, clock), upto(max(rate for _, rate in rates), "{:g}".format), "Errors a second", 200
    )
    _along(result, found, plot)
    for column, _ in rates:
        foot = 0.0
        for outcome in kinds:
            if count := column.cell.outcomes[outcome]:
                rate = count / (column.end - column.begin)
                words = f"{clock(column.begin)}: {outcome} {count} times"
                plot.column(column.begin, column.end, rate, named.get(outcome, _ERROR_KINDS[-1]), words, foot)
                foot += rate
    for outcome, kind in named.items():
        plot.legend(kind, f"{outcome} ({totals[outcome]})")
    return plot.svg()


def _distribution(result: Result) -> str:
    whole = merged(cell.latencies for cell in result.requests().values())
    bars = _bars(whole)
    high = max((count for _, _, count in bars), default=1)
    ends = [edge for begin, end, _ in bars for edge in (begin, end)]
    plot = Plot(powers(ends, milliseconds), upto(high, "{:g}".format), "How response times are spread (judged phases)")
    for begin, end, count in bars:
        words = f"{milliseconds(begin)} to {milliseconds(end)}: {count} requests, {count / whole.total:.1%}"
        plot.column(begin, end, count, "a", words)
    for row, (percent, kind) in enumerate(_LINES[:3] if bars else ()):
        value = whole.percentile(percent) * 1000
        plot.mark(value, kind, f"p{percent} {milliseconds(value)}", row)
    return plot.svg()


def _bars(whole: Histogram) -> list[tuple[float, float, int]]:
    """(from, below, how many) in ms, with edges at equal steps of the logarithm."""
    ratio = 10 ** (1 / _BARS_A_DECADE)
    edge, found = 0.01, list[tuple[float, float, int]]()
    columns_left = whole.columns()
    while columns_left:
        inside = 0
        while columns_left and columns_left[0][0] * 1000 < edge * ratio:
            inside += columns_left.pop(0)[2]
        if inside or found:
            found.append((edge, edge * ratio, inside))
        edge *= ratio
    return found
