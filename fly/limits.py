"""How fast flyctl may be asked to go.

Fly's Machines API allows 1 request a second per action with a burst of 3 (fly.io/docs/machines/api, "Rate limits",
2026-08). A flyctl process makes its requests one after the other, so three reads and three writes at once stay inside
the burst; what still meets the limit backs off.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

READS_AT_ONCE = 3
WRITES_AT_ONCE = 3


@dataclass(frozen=True)
class Backoff:
    """How long to wait before another try: doubling, with full jitter on the upper half."""

    attempts: int = 5
    first_seconds: float = 0.5
    longest_seconds: float = 20.0

    def seconds(self, attempt: int, chance: random.Random) -> float:
        """The pause after failed attempt number `attempt` (from 1)."""
        full = min(self.longest_seconds, self.first_seconds * 2 ** (attempt - 1))
        return float(full * (0.5 + chance.random() / 2))


# A killed flyctl leaves its leases: 13 s from `deploy` (deploy/machines.go, DefaultLeaseTtl), 120 s from `scale` and
# `machine destroy` (machine/lease.go). Waiting them out is what makes the next run converge.
LEASE_BACKOFF = Backoff(attempts=16, first_seconds=2.0, longest_seconds=20.0)
