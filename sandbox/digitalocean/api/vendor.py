"""DigitalOcean's tokens, its words for a refusal, and its rate limit as the answers' headers tell it."""

from __future__ import annotations

import time
from typing import Any, Final

from sandbox.deployments import KIND as APP
from sandbox.digitalocean.database_cluster import KIND as CLUSTER
from sandbox.errors import CloudError
from sandbox.vendor_api import Call, Operation

NAME: Final = "digitalocean"
TOKEN: Final = "sandbox"  # noqa: S105  it opens the emulated account only
READ_ONLY_TOKEN: Final = "sandbox-read-only"  # noqa: S105
PER_HOUR: Final = 5_000
"""Requests an hour and token; 250 a minute besides (digitalocean/openapi, shared headers, 2026-11). The headers count
them; a refusal for too many has to be planted as a fault."""

_IDS: Final = {
    400: "bad_request",
    401: "unauthorized",
    403: "forbidden",
    404: "not_found",
    409: "conflict",
    412: "precondition_failed",
    422: "unprocessable_entity",
    429: "too_many_requests",
    503: "service_unavailable",
}
_TEXTS: Final = {429: "API rate limit exceeded."}


class DigitalOcean:
    """See `sandbox.vendor_api.Vendor`."""

    name = NAME

    def __init__(self) -> None:
        self._since = time.time()
        self._used = 0

    def authorize(self, token: str, operation: Operation) -> None:
        if token not in (TOKEN, READ_ONLY_TOKEN):
            raise CloudError(401, "Unable to authenticate you")
        if token == READ_ONLY_TOKEN and not operation.reads:
            raise CloudError(403, "You are not authorized to perform this operation")

    def target(self, call: Call) -> str:
        if "app" in call.path:
            app = call.store.get(APP, call.path["app"])
            return f"app/{app['spec']['name'] if app else call.path['app']}"
        if "database" in call.path:
            cluster = call.store.get(CLUSTER, call.path["database"])
            return f"databaseCluster/{cluster['name'] if cluster else call.path['database']}"
        return f"uptimeCheck/{call.path['check']}" if "check" in call.path else ""

    def accepted(self, body: Any) -> Any:
        return body

    def refused(self, error: CloudError) -> dict[str, Any]:
        id_ = _IDS.get(error.status, "server_error")
        return {"id": id_, "message": _TEXTS.get(error.status, error.message), "request_id": f"{self._used:032x}"}

    def headers(self, error: CloudError | None) -> dict[str, str]:
        now = time.time()
        if now - self._since > 3600:
            self._since, self._used = now, 0
        self._used += 1
        left = 0 if error and error.status == 429 else max(0, PER_HOUR - self._used)
        # A burst beyond what a minute allows ends long before the hour does.
        reset = now + error.retry_after if error and error.retry_after is not None else self._since + 3600
        return {
            "ratelimit-limit": str(PER_HOUR),
            "ratelimit-remaining": str(left),
            "ratelimit-reset": str(int(reset)),
        }
