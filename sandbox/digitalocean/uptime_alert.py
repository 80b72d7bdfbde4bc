"""An alert on an uptime check."""

from __future__ import annotations

from collections.abc import Iterable

from sandbox.errors import CloudError
from sandbox.resource import OneOf, Problem, Request, ResourceType, Span
from sandbox.values import Properties

_WITH_THRESHOLD = ("latency", "ssl_expiry")


def _problems(properties: Properties) -> Iterable[Problem]:
    kind, threshold = properties.get("type"), properties.get("threshold")
    if kind in _WITH_THRESHOLD and threshold is None:
        unit = "milliseconds" if kind == "latency" else "days"
        yield Problem("threshold", f"an alert of type {kind} needs a threshold in {unit}")


def _refuse(request: Request) -> None:
    check = request.document["checkId"]
    if request.store.get("digitalocean/uptimeCheck", check) is None:
        raise CloudError(404, f"uptime check {check!r} was not found")
    if request.document["type"] in ("down", "down_global") and request.document.get("threshold"):
        raise CloudError(400, f"threshold has no meaning for an alert of type {request.document['type']}; remove it")


UPTIME_ALERT = ResourceType(
    pulumi_type="digitalocean:index/uptimeAlert:UptimeAlert",
    title="Uptime Alert",
    url="v2/uptime/checks/{checkId}/alerts",
    checks={
        "type": OneOf(("latency", "down", "down_global", "ssl_expiry")),
        "comparison": OneOf(("greater_than", "less_than")),
        "period": OneOf(("2m", "3m", "5m", "10m", "15m", "30m", "1h")),
    },
    problems=_problems,
    limits={"threshold": Span(1, 100_000)},
    refuse=_refuse,
    autoname=True,
)
