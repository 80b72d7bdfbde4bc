"""What a verb did."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from fly.errors import FlyError, TimedOut, Unavailable

Value = TypeVar("Value")

# After these nobody knows whether the write happened: the only way to know is to look.
LOST_ANSWERS = (TimedOut, Unavailable)


@dataclass(frozen=True)
class Outcome(Generic[Value]):
    """The thing as it is now, whether this call changed it, and why or what."""

    value: Value
    changed: bool
    why: str


async def found_after_lost_answer(error: FlyError, look: Callable[[], Awaitable[Value | None]]) -> Value:
    """What a write whose answer was lost did after all; raises `error` when it did nothing."""
    value = await look()
    if value is None:
        raise error
    return value
