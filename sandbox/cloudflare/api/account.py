"""The token itself, and what the account tells about trouble: notification policies and webhook destinations."""

from __future__ import annotations

from typing import Any, Final

from sandbox.spelling import renamed, snake_case
from sandbox.vendor_api import Call

POLICY: Final = "cloudflare/notificationPolicy"
WEBHOOK: Final = "cloudflare/notificationPolicyWebhooks"


def verify(call: Call) -> Any:
    """GET /user/tokens/verify."""
    message = {"code": 10000, "message": "This API Token is valid and active"}
    return {"result": {"id": call.cloud.vault.digest("token")[:32], "status": "active"}, "messages": [message]}


def policies(call: Call) -> Any:
    """GET /accounts/{account}/alerting/v3/policies."""
    return {"result": _of_account(call, POLICY)}


def webhooks(call: Call) -> Any:
    """GET /accounts/{account}/alerting/v3/destinations/webhooks, without their secrets."""
    hidden = ("secret", "url")
    return {
        "result": [
            {key: value for key, value in found.items() if key not in hidden} for found in _of_account(call, WEBHOOK)
        ]
    }


def _of_account(call: Call, kind: str) -> list[dict[str, Any]]:
    return [
        {"id": id_, **renamed(body, snake_case)} for id_, body in call.store.find(kind, accountId=call.path["account"])
    ]
