"""Counts requests as rate limits do, in one data centre."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from typing import Any


class Counters:
    """What has been counted so far. `clock` tells seconds; tests and explanations let it stand still."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._seen: dict[tuple[str, str], deque[float]] = {}
        self._refused_until: dict[tuple[str, str], float] = {}

    def exceeded(self, ref: str, address: str, limit: Mapping[str, Any]) -> bool:
        """Count one request of an address against the limit `ref`, and tell whether it is one too many.

        An address that was one too many is refused for `mitigation_timeout`, whatever it does meanwhile.
        """
        key, now = (ref, address), self._clock()
        if now < self._refused_until.get(key, 0.0):
            return True
        seen = self._seen.setdefault(key, deque())
        while seen and seen[0] <= now - limit["period"]:
            seen.popleft()
        seen.append(now)
        if len(seen) <= limit["requests_per_period"]:
            return False
        self._refused_until[key] = now + limit["mitigation_timeout"]
        seen.clear()
        return True

    def counted(self) -> dict[str, int]:
        """How many requests each limit has in its current period, over all addresses."""
        totals: dict[str, int] = {}
        for (ref, _), seen in self._seen.items():
            totals[ref] = totals.get(ref, 0) + len(seen)
        return totals
