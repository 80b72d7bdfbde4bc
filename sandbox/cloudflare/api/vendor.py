"""Cloudflare's tokens, the envelope of its answers, and its rate limit as the answers' headers tell it."""

from __future__ import annotations

import time
from typing import Any, Final

from sandbox.cloudflare.zone import KIND as ZONE
from sandbox.errors import CloudError
from sandbox.vendor_api import Call, Operation

NAME: Final = "cloudflare"
TOKEN: Final = "sandbox-token-that-opens-nothing-0000000"  # noqa: S105  it opens the emulated account only
READ_ONLY_TOKEN: Final = "sandbox-token-that-reads-only-0000000000"  # noqa: S105
PER_WINDOW, WINDOW_SECONDS = 1_200, 300
"""Requests in five minutes and user (Cloudflare docs: API rate limits, 2026-08). The headers count them; a refusal for
too many has to be planted as a fault."""


class Cloudflare:
    """See `sandbox.vendor_api.Vendor`."""

    name = NAME

    def __init__(self) -> None:
        self._since = time.time()
        self._used = 0

    def authorize(self, token: str, operation: Operation) -> None:
        if token not in (TOKEN, READ_ONLY_TOKEN):
            if operation.name == "verify_token":
                raise CloudError(401, "Invalid API Token", code=1000)
            raise CloudError(403, "Invalid access token", code=9109)
        if token == READ_ONLY_TOKEN and not operation.reads:
            raise CloudError(403, "Authentication error", code=10000)

    def target(self, call: Call) -> str:
        zone = call.store.get(ZONE, call.path.get("zone", ""))
        return f"zone/{zone['name'] if zone else call.path['zone']}" if "zone" in call.path else ""

    def accepted(self, body: Any) -> Any:
        return {"success": True, "errors": [], "messages": [], **body}

    def refused(self, error: CloudError) -> dict[str, Any]:
        code = error.code or (10013 if error.status == 429 else error.status)
        reason = {"code": code, "message": error.message}
        return {"success": False, "errors": [reason], "messages": [], "result": None}

    def headers(self, error: CloudError | None) -> dict[str, str]:
        now = time.time()
        if now - self._since > WINDOW_SECONDS:
            self._since, self._used = now, 0
        self._used += 1
        left = 0 if error and error.status == 429 else max(0, PER_WINDOW - self._used)
        over = self._since + WINDOW_SECONDS - now
        wait = int(error.retry_after if error and error.retry_after is not None else over)
        return {
            "ratelimit": f'"default";r={left};t={wait}',
            "ratelimit-policy": f'"default";q={PER_WINDOW};w={WINDOW_SECONDS}',
        }
