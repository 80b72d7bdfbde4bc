"""Makes lines out of prices: the newest reading of a day, with its source, its age, and what is doubtful about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

from inventory.item import Item
from inventory.unknown import Unknown
from prices.line import SHARED, Line
from prices.price import Price, Reading, first_day

LONGEST: Final = timedelta(days=365)
"""A price read longer ago than this is said to be old."""

MONTH_SECONDS: Final = 30 * 24 * 3600
"""A month, as Fly.io counts it (docs.fly.io/about/pricing, 2026-10-09)."""

UNITS: Final = {
    "month": "month",
    "gb-month": "GB-month",
    "gb": "GB",
    "cpu-second": "CPU-second",
    "gb-second": "GB-second",
    "million-requests": "million requests",
    "million-ms": "million ms",
}
"""Units as people write them."""

Count = int | Unknown


@dataclass(frozen=True)
class Rate:
    """What one unit costs, made of one reading or several."""

    usd: Decimal | None
    readings: tuple[Reading, ...]
    unit: str
    """As people write it."""

    @property
    def why(self) -> str:
        """Why there is no amount, empty when there is one."""
        return "; ".join(dict.fromkeys(reading.unknown for reading in self.readings if reading.unknown))


def shown(value: str | Unknown, otherwise: str) -> str:
    """A name, or another one where it is not known yet."""
    return otherwise if isinstance(value, Unknown) else value


def rate(price: Price, today: date) -> Rate:
    """The price of one unit as it was known on `today`."""
    reading = price.on(today)
    return Rate(reading.usd, (reading,), UNITS[price.unit])


@dataclass(frozen=True)
class Clerk:
    """Writes the lines of one resource."""

    system: str
    resource: str
    today: date

    @classmethod
    def of(cls, item: Item, name: str | Unknown, today: date) -> Clerk:
        """For a thing that the cloud knows by `name`."""
        return cls(item.system or SHARED, shown(name, item.name), today)

    def fixed(
        self, subject: str, detail: str, cost: Rate, low: Count, high: Count | None = None, *, free: int = 0
    ) -> Line:
        """So many of something, at the least and at the most. `free` of them cost nothing."""
        high = low if high is None else high
        if isinstance(low, Unknown) or isinstance(high, Unknown):
            return self.unknown(subject, detail, cost.unit, "how many there are is known only after the deployment")
        if cost.usd is None:
            return self.unknown(subject, detail, cost.unit, cost.why, cost)
        least, most = (_cents(max(0, number - free) * cost.usd) for number in (low, high))
        note = f"{min(high, free)} of them free" if free and high else ""
        return self._line(subject, detail, cost, kind="fixed", quantity=(low, high), low=least, high=most, note=note)

    def by_use(self, subject: str, cost: Rate, note: str = "") -> Line:
        """Something that is paid by use."""
        return self._line(subject, "", cost, kind="use", note=cost.why if cost.usd is None else note)

    def unknown(self, subject: str, detail: str, unit: str, why: str, cost: Rate | None = None) -> Line:
        """Something that costs, but nobody can say how much."""
        return self._line(subject, detail, cost or Rate(None, (), unit), kind="unknown", note=why)

    def _line(self, subject: str, detail: str, cost: Rate, **more: Any) -> Line:
        oldest = min((reading.date for reading in cost.readings), default="")
        return Line(
            system=self.system,
            resource=self.resource,
            subject=subject,
            detail=detail,
            unit=cost.unit,
            unit_usd=cost.usd,
            source="; ".join(dict.fromkeys(reading.source for reading in cost.readings)),
            date=oldest,
            estimate=any(reading.estimate for reading in cost.readings),
            old=bool(oldest) and self.today - first_day(oldest) > LONGEST,
            **more,
        )


def _cents(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal("0.01"), ROUND_HALF_UP)
