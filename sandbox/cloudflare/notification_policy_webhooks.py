"""A webhook that notifications go to."""

from __future__ import annotations

from sandbox.resource import Form, Request, ResourceType

_SLACK = "https://hooks.slack.com/"


def _fill(request: Request) -> None:
    webhook = request.document
    webhook["type"] = "slack" if str(webhook["url"]).startswith(_SLACK) else "generic"
    webhook.setdefault("createdAt", request.now)
    webhook.setdefault("lastFailure", "")
    webhook.setdefault("lastSuccess", "")


NOTIFICATION_POLICY_WEBHOOKS = ResourceType(
    pulumi_type="cloudflare:index/notificationPolicyWebhooks:NotificationPolicyWebhooks",
    title="notification webhook",
    url="accounts/{accountId}/alerting/v3/destinations/webhooks",
    required=("accountId",),
    checks={"url": Form(r"https?://\S+", "a URL")},
    fill=_fill,
    replaces=("accountId",),
    secrets=("secret",),
    write_only=("secret",),
)
