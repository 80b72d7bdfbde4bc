"""One change to what runs: said before it is done, and what came of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Step:
    """`what` says it as an order, `act` does it and says what it did. Steps of a system are done in their order."""

    system: str
    what: str
    act: Callable[[], Awaitable[str]]
