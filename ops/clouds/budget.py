"""How many requests a vendor still takes, as its answers tell, so that the limit is met by waiting, not by refusals."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from typing import Final

_MEMBER: Final = re.compile(r";\s*([rt])=(\d+)")


class Budget:
    """What is left of a limit, and until when. Nothing is known before the first answer.

    DigitalOcean: `ratelimit-remaining`, and `ratelimit-reset` as Unix time (digitalocean/openapi, shared headers,
    2026-11). Cloudflare: `ratelimit: "default";r=<left>;t=<seconds>` (its docs: rate limits, 2026-08).
    """

    def __init__(self) -> None:
        self.left: int | None = None
        self._until = 0.0

    def learn(self, headers: Mapping[str, str]) -> None:
        """Take over what an answer tells. Headers that say something else are passed over."""
        left, reset = headers.get("ratelimit-remaining", ""), headers.get("ratelimit-reset", "")
        if left.isdigit() and reset.isdigit():
            self.left, self._until = int(left), float(reset)
            return
        members = dict(_MEMBER.findall(headers.get("ratelimit", "")))
        if {"r", "t"} <= members.keys():
            self.left, self._until = int(members["r"]), time.time() + int(members["t"])

    def wait_seconds(self) -> float:
        """How long no request would be taken: 0 as long as some are left."""
        return max(0.0, self._until - time.time()) if self.left == 0 else 0.0
