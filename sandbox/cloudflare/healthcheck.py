"""A health check of an origin, made by Cloudflare's data centres."""

from __future__ import annotations

from sandbox.cloudflare.zone import require_zone
from sandbox.resource import OneOf, Request, ResourceType, Span

REGIONS = ("WNAM", "ENAM", "WEU", "EEU", "NSAM", "SSAM", "OC", "ME", "NAF", "SAF", "IN", "SEAS", "NEAS", "ALL_REGIONS")


def _refuse(request: Request) -> None:
    require_zone(request)


def _fill(request: Request) -> None:
    check = request.document
    check.setdefault("createdOn", request.now)
    check.update(modifiedOn=request.now, status="unknown", failureReason="")


HEALTHCHECK = ResourceType(
    pulumi_type="cloudflare:index/healthcheck:Healthcheck",
    title="health check",
    url="zones/{zoneId}/healthchecks",
    required=("zoneId",),
    checks={"checkRegions[*]": OneOf(REGIONS), "type": OneOf(("HTTP", "HTTPS", "TCP"))},
    limits={"interval": Span(5, 3600), "retries": Span(0, 5), "timeout": Span(1, 10), "consecutiveFails": Span(1, 10)},
    refuse=_refuse,
    fill=_fill,
    replaces=("zoneId",),
    sets=("checkRegions", "httpConfig.expectedCodes"),
    defaults={
        "consecutiveFails": 1,
        "consecutiveSuccesses": 1,
        "interval": 60,
        "retries": 2,
        "suspended": False,
        "timeout": 5,
        "type": "HTTP",
    },
    computed=("checkRegions", "httpConfig", "httpConfig.*", "tcpConfig", "tcpConfig.*"),
)
