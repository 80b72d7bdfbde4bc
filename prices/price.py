"""A price: what it is for, what it counts, and what was read about it, where and when."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from settings.constraint import refusal
from settings.model import Settings, line
from settings.problem import shown


def first_day(day: str) -> datetime.date:
    """The first day that `2026-08-07` or `2026-08` can mean. Raises ValueError for what is no day."""
    return datetime.date.fromisoformat(day if len(day) > len("2026-08") else f"{day}-01")


def _is_day(value: str) -> str:
    try:
        first_day(value)
    except ValueError:
        raise refusal(f"{shown(value)} is no day", "write it as in 2026-08-07, or 2026-08 for a month") from None
    return value


Day = Annotated[str, AfterValidator(_is_day), Field(examples=["2026-08-07"])]
"""When something was read: a day, or a month where no more is known."""


class Reading(Settings):
    """What a source said at a time: an amount, or that there is none to be had."""

    date: Day
    """When it was read."""
    source: Annotated[str, line("docs.example.com/pricing")]
    """Where it stands."""
    amount: Annotated[float, Field(ge=0)] | None = None
    """US dollars for one unit."""
    estimate: bool = False
    """Whether the source is not the vendor's own."""
    unknown: Annotated[str, line("no official page says it")] | None = None
    """Why there is no amount."""

    @model_validator(mode="after")
    def _one_of_two(self) -> Self:
        if (self.amount is None) == (self.unknown is None):
            found = "neither amount nor unknown is set" if self.amount is None else "amount and unknown are both set"
            raise refusal(found, "write amount, or in unknown why there is none")
        return self

    @property
    def usd(self) -> Decimal | None:
        """The amount, exactly as it is written."""
        return None if self.amount is None else Decimal(str(self.amount))


class AnyPrice(Settings):
    """What prices of every unit have."""

    item: Annotated[str, line("volume")]
    """What is paid for."""
    free: Annotated[float, Field(ge=0)] = 0
    """How many units each month cost nothing, for an account."""
    history: Annotated[tuple[Reading, ...], Field(min_length=1)]
    """What was read about it, oldest first."""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        days = [first_day(reading.date) for reading in self.history]
        if days != sorted(set(days)):
            raise refusal("its history is not in rising order of dates", "put the oldest first, one entry a date")
        return self

    def on(self, day: datetime.date) -> Reading:
        """The newest reading that is not later than `day`; where all are later, the oldest."""
        return next((reading for reading in reversed(self.history) if first_day(reading.date) <= day), self.history[0])


class PerMonth(AnyPrice):
    """A price for one thing for a month."""

    unit: Literal["month"]
    """A month of one."""


class PerGbMonth(AnyPrice):
    """A price of storage."""

    unit: Literal["gb-month"]
    """A GB for a month."""


class PerGb(AnyPrice):
    """A price of traffic."""

    unit: Literal["gb"]
    """A GB sent."""


class PerCpuSecond(AnyPrice):
    """A price of a running machine's CPU."""

    unit: Literal["cpu-second"]
    """A second of one CPU."""


class PerGbSecond(AnyPrice):
    """A price of a running machine's memory."""

    unit: Literal["gb-second"]
    """A second of one GB."""


class PerMillionRequests(AnyPrice):
    """A price of requests."""

    unit: Literal["million-requests"]
    """A million requests."""


class PerMillionMs(AnyPrice):
    """A price of computing time."""

    unit: Literal["million-ms"]
    """A million milliseconds."""


Price = PerMonth | PerGbMonth | PerGb | PerCpuSecond | PerGbSecond | PerMillionRequests | PerMillionMs
