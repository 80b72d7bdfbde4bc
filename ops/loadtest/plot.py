"""Plots as SVG, in the size of the page and the colours of its style sheet. A pointer on a column tells its numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from html import escape
from math import ceil, floor, log10
from typing import Final

Point = tuple[float, float]
Say = Callable[[float], str]

_WIDTH: Final = 960
_LEFT, _RIGHT, _TOP, _BOTTOM = 58, 16, 26, 30
_TICKS: Final = 5


@dataclass(frozen=True)
class Axis:
    """From `low` to `high`, on a scale of powers of ten where `log` is set. `say` writes a tick."""

    low: float
    high: float
    say: Say
    log: bool = False

    def share(self, value: float) -> float:
        """Where a value lies, 0 to 1."""
        if not self.log:
            return min(1.0, max(0.0, (value - self.low) / (self.high - self.low)))
        value = min(self.high, max(self.low, value))
        return (log10(value) - log10(self.low)) / (log10(self.high) - log10(self.low))

    def ticks(self) -> list[float]:
        """Round numbers."""
        if self.log:
            powers = range(floor(log10(self.low)), ceil(log10(self.high)) + 1)
            steps = (1, 2, 5) if len(powers) < 5 else (1,)
            found = [step * 10.0**power for power in powers for step in steps]
            return [value for value in found if self.low <= value <= self.high]
        step = _round_step((self.high - self.low) / _TICKS)
        return [step * number for number in range(ceil(self.low / step), floor(self.high / step + 1e-9) + 1)]


def upto(highest: float, say: Say) -> Axis:
    """From zero to a little more than the highest value."""
    return Axis(0, highest * 1.08 or 1, say)


def powers(values: Iterable[float], say: Say) -> Axis:
    """Powers of ten around positive values."""
    found = [value for value in values if value > 0] or [1.0]
    low, high = min(found) / 1.15, max(found) * 1.25
    return Axis(low, max(high, low * 10), say, log=True)


def _round_step(step: float) -> float:
    power = 10.0 ** floor(log10(step))
    return next(float(power * times) for times in (1, 2, 5, 10) if power * times >= step * 0.999)


class Plot:
    """One plot, to which marks are added from back to front."""

    def __init__(self, x: Axis, y: Axis, title: str, height: int = 250) -> None:
        self._x, self._y = x, y
        self._title = title
        self._height = height
        self._marks: list[str] = []
        self._legend: list[tuple[str, str]] = []

    def at(self, point: Point) -> Point:
        """Where a point of the data is in the drawing."""
        across, up = self._x.share(point[0]), self._y.share(point[1])
        right = _LEFT + across * (_WIDTH - _LEFT - _RIGHT)
        return round(right, 1), round(_TOP + (1 - up) * (self._height - _TOP - _BOTTOM), 1)

    def band(self, begin: float, end: float, words: str, kind: str) -> None:
        """A stretch of the x axis, with its name at the top."""
        (left, _), (right, _) = self.at((begin, 0)), self.at((end, 0))
        height = self._height - _TOP - _BOTTOM
        self._marks.append(f'<rect class="{kind}" x="{left}" y="{_TOP}" width="{right - left:.1f}" height="{height}"/>')
        if right - left > 6.2 * len(words):
            self._marks.append(f'<text class="band" x="{(left + right) / 2:.1f}" y="{_TOP - 8}">{escape(words)}</text>')

    def line(self, points: Sequence[Point], kind: str, words: str) -> None:
        """A line, and its word in the legend."""
        drawn = " ".join(f"{x},{y}" for x, y in map(self.at, points))
        self._marks.append(f'<polyline class="line {kind}" points="{drawn}"/>')
        self._legend.append((kind, words))

    def area(self, points: Sequence[Point], kind: str, words: str) -> None:
        """What lies between a line and the x axis."""
        ground = self._height - _BOTTOM
        drawn = [self.at(point) for point in points]
        inside = " ".join(f"{x},{y}" for x, y in drawn)
        self._marks.append(
            f'<polygon class="area {kind}" points="{drawn[0][0]},{ground} {inside} {drawn[-1][0]},{ground}"/>'
        )
        self._legend.append((kind, words))

    def column(self, begin: float, end: float, height: float, kind: str, words: str, foot: float = 0) -> None:
        """A column that stands on the x axis or on another one, with words for the pointer."""
        (left, top), (right, ground) = self.at((begin, foot + height)), self.at((end, foot))
        self._marks.append(
            f'<rect class="area {kind}" x="{left}" y="{top}" width="{max(0.6, right - left - 0.4):.1f}" '
            f'height="{max(0.0, ground - top):.1f}"><title>{escape(words)}</title></rect>'
        )

    def mark(self, value: float, kind: str, words: str, row: int) -> None:
        """A vertical line at a value of the x axis, with its name beside it, in the row that is given from the top."""
        left, _ = self.at((value, 0))
        ground, near_end = self._height - _BOTTOM, left > _WIDTH * 0.8
        self._marks.append(f'<line class="mark {kind}" x1="{left}" x2="{left}" y1="{_TOP}" y2="{ground}"/>')
        side = f'x="{left - 6:.1f}" text-anchor="end"' if near_end else f'x="{left + 6:.1f}"'
        self._marks.append(f'<text class="name" {side} y="{_TOP + 14 + 17 * row}">{escape(words)}</text>')

    def limit(self, value: float, words: str) -> None:
        """A horizontal line that is not to be crossed, with its name above it, or below where there is no room."""
        _, top = self.at((self._x.low, value))
        words_at = top - 5 if top > _TOP + 16 else top + 15
        self._marks.append(f'<line class="limit" x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{top}" y2="{top}"/>')
        self._marks.append(f'<text class="limit" x="{_WIDTH - _RIGHT - 4}" y="{words_at:.1f}">{escape(words)}</text>')

    def pointer(self, begin: float, end: float, words: str) -> None:
        """What a pointer on a stretch is told."""
        (left, _), (right, _) = self.at((begin, 0)), self.at((end, 0))
        height = self._height - _TOP - _BOTTOM
        self._marks.append(
            f'<rect class="pointer" x="{left}" y="{_TOP}" width="{max(1.0, right - left):.1f}" height="{height}">'
            f"<title>{escape(words)}</title></rect>"
        )

    def legend(self, kind: str, words: str) -> None:
        """A word in the legend for columns."""
        self._legend.append((kind, words))

    def svg(self) -> str:
        """The whole figure."""
        legend = "".join(f'<span><i class="{kind}"></i>{escape(words)}</span>' for kind, words in self._legend)
        return (
            f"<figure><figcaption><b>{escape(self._title)}</b>{legend}</figcaption>"
            f'<svg viewBox="0 0 {_WIDTH} {self._height}" role="img" aria-label="{escape(self._title)}">'
            f"{self._grid()}{''.join(self._marks)}</svg></figure>"
        )

    def _grid(self) -> str:
        ground = self._height - _BOTTOM
        found = []
        for tick in self._y.ticks():
            _, top = self.at((self._x.low, tick))
            found.append(f'<line class="grid" x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{top}" y2="{top}"/>')
            found.append(f'<text class="y" x="{_LEFT - 8}" y="{top + 4}">{escape(self._y.say(tick))}</text>')
        for tick in self._x.ticks():
            left, _ = self.at((tick, self._y.low))
            found.append(f'<text class="x" x="{left}" y="{ground + 18}">{escape(self._x.say(tick))}</text>')
        return "".join(found)
