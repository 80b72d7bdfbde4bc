"""The Machines API's rate limits, when a rehearsal asks for them.

Per action and machine (or app): 1 request/s with bursts of 3; for reads of one machine 5/s with bursts of 10.
Source: fly.io/docs/machines/api/working-with-machines-api, read 2026-11. Off unless the document
(`fly/setting`, `rate-limits`) {"on": true} exists: most rehearsals should not pay for it.
"""

from __future__ import annotations

import time

from sandbox.fly.errors import RateLimitedError
from sandbox.store import Store

PER_SECOND, BURST = 1.0, 3.0
READS_PER_SECOND, READ_BURST = 5.0, 10.0
READS = ("machine_get", "machine_list", "machine_wait")
SETTING = ("fly/setting", "rate-limits")


class Limits:
    """A bucket of tokens for each operation and target."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._buckets: dict[tuple[str, str], tuple[float, float]] = {}

    def take(self, operation: str, target: str) -> None:
        """Count one request; raises `RateLimitedError` when there were too many."""
        setting = self._store.get(*SETTING)
        if setting is None or not setting["on"]:
            return
        rate, burst = (READS_PER_SECOND, READ_BURST) if operation in READS else (PER_SECOND, BURST)
        now = time.monotonic()
        left, since = self._buckets.get((operation, target), (burst, now))
        left = min(burst, left + (now - since) * rate)
        if left < 1:
            self._buckets[operation, target] = (left, now)
            raise RateLimitedError(
                f"rate limit exceeded: {operation} for {target}, at most {rate:g} requests per second"
            )
        self._buckets[operation, target] = (left - 1, now)
