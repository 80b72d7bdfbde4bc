"""`[deploy]`: how a release goes out."""

from __future__ import annotations

import math
from typing import Literal

from fly.config.section import Duration, Section

Strategy = Literal["rolling", "canary", "bluegreen", "immediate"]


class Deploy(Section):
    """`max_unavailable` is a number of machines (from 1) or a share of them (below 1), which Fly.io rounds up."""

    strategy: Strategy | None = None
    max_unavailable: float | int | None = None
    wait_timeout: Duration | None = None
    release_command: str | None = None
    release_command_timeout: Duration | None = None


def machines_at_once(share: float, machines: int) -> int:
    """How many machines may be replaced together so that at most `share` of them is away; never less than one.

    flyctl itself takes `ceil(machines * share)` (machines_deploymachinesapp.go, getPoolSize), which is more than asked.
    """
    return max(1, math.floor(machines * share))
