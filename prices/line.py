"""What one thing costs, where that is known from, and the sum of many."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal

SHARED: Final = "shared"
"""Stands for a system where something serves several, or the whole account."""

ZERO: Final = Decimal(0)


@dataclass(frozen=True, kw_only=True)
class Line:
    """One entry. Amounts in US dollars a month, in whole cents; `low` and `high` differ where machines come and go."""

    system: str
    """The system that it is for, or `shared`."""
    resource: str
    """What the cloud calls the thing."""
    subject: str
    """What is paid for, the same however much of it there is: `machines in sjc`."""
    detail: str = ""
    """Which or how large it is: `shared-cpu-2x, 2048 MB`."""
    kind: Literal["fixed", "use", "unknown"]
    """`fixed`: in the total. `use`: depends on what happens, so it is in none. `unknown`: it costs something, but
    nobody can say what."""
    quantity: tuple[int, int] | None = None
    """How many units there are, at the least and at the most."""
    unit: str
    """One of what, such as `machine-month`."""
    unit_usd: Decimal | None = None
    """US dollars for one unit, not rounded."""
    low: Decimal = ZERO
    high: Decimal = ZERO
    source: str = ""
    date: str = ""
    """When the price was read; of several the oldest."""
    estimate: bool = False
    """Whether the source is not the vendor's own."""
    old: bool = False
    """Whether that was more than a year ago."""
    note: str = ""
    """Why it is unknown, or what goes beside it."""

    @property
    def item(self) -> str:
        """What is paid for, for people."""
        return f"{self.subject}, {self.detail}" if self.detail else self.subject

    @property
    def key(self) -> tuple[str, str, str]:
        """What it is about, the same before and after a change."""
        return self.system, self.resource, self.subject


@dataclass(frozen=True)
class Amount:
    """US dollars a month, from the least to the most. `unknown` counts the things whose price nobody can say."""

    low: Decimal = ZERO
    high: Decimal = ZERO
    unknown: int = 0

    def __add__(self, other: Amount) -> Amount:
        return Amount(self.low + other.low, self.high + other.high, self.unknown + other.unknown)

    @property
    def fixed(self) -> bool:
        """Whether the least is the most."""
        return self.low == self.high

    def __sub__(self, other: Amount) -> Amount:
        """The change from `other` to this."""
        return Amount(self.low - other.low, self.high - other.high, self.unknown - other.unknown)


@dataclass(frozen=True)
class Cost:
    """What a stack costs, line by line."""

    lines: tuple[Line, ...]

    @property
    def total(self) -> Amount:
        """Of everything."""
        return _sum(self.lines)

    @property
    def by_system(self) -> dict[str, Amount]:
        """Of each system, `shared` last."""
        names = sorted({line.system for line in self.lines}, key=lambda name: (name == SHARED, name))
        return {name: self.of(name) for name in names}

    @property
    def by_resource(self) -> dict[str, Cost]:
        """What belongs to each resource, by what the cloud calls it."""
        found: dict[str, list[Line]] = {}
        for line in self.lines:
            found.setdefault(line.resource, []).append(line)
        return {name: Cost(tuple(lines)) for name, lines in found.items()}

    def of(self, system: str) -> Amount:
        """Of one system."""
        return _sum(line for line in self.lines if line.system == system)

    def only(self, system: str) -> Cost:
        """The same without other systems' lines; what is shared goes, too."""
        return Cost(tuple(line for line in self.lines if line.system == system))

    @property
    def doubts(self) -> Iterator[Line]:
        """Lines in the total whose price is not to be relied on: estimates, and prices read over a year ago."""
        yield from (line for line in self.lines if line.kind == "fixed" and (line.estimate or line.old))


def _sum(lines: Iterable[Line]) -> Amount:
    total = Amount()
    for line in lines:
        total += Amount(line.low, line.high, 1 if line.kind == "unknown" else 0)
    return total
