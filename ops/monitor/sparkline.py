"""A sparkline: a measure's last day as a small SVG drawing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final
from xml.sax.saxutils import escape

from planning.thresholds import Threshold, shown

WIDTH: Final = 320
HEIGHT: Final = 64
_POINTS: Final = 240
_GAP_ROUNDS: Final = 3.5
"""A pause of more than so many rounds is a gap: nothing is known of it, so no line is drawn through it."""

Point = tuple[float, float]
"""Seconds since 1970, and the value."""


def sparkline(points: Sequence[Point], limits: Sequence[Threshold], start: float, end: float) -> str:
    """An SVG element. The worst value of each stretch of time is drawn, so that no peak is lost."""
    first = limits[0]
    thinned = _thinned(points, first, start, end)
    if first.unit == "yes or no":
        return _drawing("".join(_blocks(thinned, start, end)), _said(points, first), first)
    top = max([*(value for _, value in points), *(limit.value for limit in limits)], default=1) * 1.1 or 1
    pieces = [_curve(piece, start, end, top) for piece in _pieces(thinned)]
    lines = [
        f'<line class="{limit.severity}" x1="0" x2="{WIDTH}" y1="{_y(limit.value, top)}" y2="{_y(limit.value, top)}"/>'
        for limit in limits
    ]
    return _drawing("".join((*lines, *pieces)), _said(points, first), first)


def _drawing(content: str, said: str, threshold: Threshold) -> str:
    summary = f"{threshold.measure}: {said}"
    return (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(summary, {chr(34): "&quot;"})}" '
        f'preserveAspectRatio="none"><title>{escape(summary)}</title>{content}</svg>'
    )


def _said(points: Sequence[Point], threshold: Threshold) -> str:
    if not points:
        return "nothing measured"
    values = [value for _, value in points]
    if threshold.unit == "yes or no":
        return f"no in {sum(value < 1 for value in values)} of {len(values)} rounds"
    return f"{shown(threshold, min(values))} to {shown(threshold, max(values))}"


def _blocks(points: Sequence[Point], start: float, end: float) -> Iterator[str]:
    """A strip: a block for each stretch of time that is all good or all bad. Each round lasts until the next."""
    usual = _usual(points)
    runs: list[tuple[float, float, bool]] = []
    for (at, value), (later, _) in pairwise([*points, (end + usual, 0.0)]):
        until, good = min(later, at + usual * _GAP_ROUNDS, end), value >= 1
        if runs and runs[-1][2] == good and runs[-1][1] == at:
            runs[-1] = (runs[-1][0], until, good)
        else:
            runs.append((at, until, good))
    for since, until, good in runs:
        x, right = (round((moment - start) / (end - start) * WIDTH, 1) for moment in (since, until))
        kind, wide = "good" if good else "bad", max(round(right - x, 1), 1)
        yield f'<rect class="{kind}" x="{x}" y="{HEIGHT // 4}" width="{wide}" height="{HEIGHT // 2}"/>'


def _usual(points: Sequence[Point]) -> float:
    """The usual time between two of them, 0 where there are not two."""
    steps = sorted(after[0] - before[0] for before, after in pairwise(points))
    return steps[len(steps) // 2] if steps else 0.0


def _thinned(points: Sequence[Point], threshold: Threshold, start: float, end: float) -> list[Point]:
    """At most so many points: the worst of each stretch."""
    worst: dict[int, Point] = {}
    for at, value in points:
        stretch = int((at - start) / (end - start) * _POINTS)
        known = worst.get(stretch)
        if known is None or (value > known[1]) == threshold.above:
            worst[stretch] = (at, value)
    return [worst[stretch] for stretch in sorted(worst)]


def _pieces(points: Sequence[Point]) -> Iterator[list[Point]]:
    """The points without the gaps between them."""
    usual = _usual(points)
    piece: list[Point] = []
    for point in points:
        if piece and point[0] - piece[-1][0] > usual * _GAP_ROUNDS:
            yield piece
            piece = []
        piece.append(point)
    if piece:
        yield piece


def _curve(points: Sequence[Point], start: float, end: float, top: float) -> str:
    placed = [(round((at - start) / (end - start) * WIDTH, 1), _y(value, top)) for at, value in points]
    if len(placed) == 1:
        return f'<circle cx="{placed[0][0]}" cy="{placed[0][1]}" r="1.5"/>'
    return f'<polyline points="{" ".join(f"{x},{y}" for x, y in placed)}"/>'


def _y(value: float, top: float) -> float:
    return round(HEIGHT - 2 - (HEIGHT - 4) * max(value, 0) / top, 1)
