"""DNSSEC of a zone."""

from __future__ import annotations

from sandbox.cloudflare.zone import require_zone
from sandbox.resource import OneOf, Request, ResourceType

_ECDSA_P256 = "13"
_SHA256 = "2"


def _fill(request: Request) -> None:
    zone = require_zone(request)
    digest = request.vault.digest("dnssec", request.document["zoneId"]).upper()
    tag = int(digest[:4], 16)
    request.document.setdefault("status", "active")
    request.document.update(
        algorithm=_ECDSA_P256,
        digest=digest,
        digestAlgorithm="SHA256",
        digestType=_SHA256,
        ds=f"{zone['name']}. 3600 IN DS {tag} {_ECDSA_P256} {_SHA256} {digest}",
        flags=257,
        keyTag=tag,
        keyType="ECDSAP256SHA256",
        modifiedOn=request.now,
        publicKey=request.vault.digest("dnssec key", request.document["zoneId"]),
    )


ZONE_DNSSEC = ResourceType(
    pulumi_type="cloudflare:index/zoneDnssec:ZoneDnssec",
    title="DNSSEC",
    url="zones/{zoneId}/dnssec",
    named="zoneId",
    required=("zoneId",),
    checks={"status": OneOf(("active", "disabled"))},
    fill=_fill,
    replaces=("zoneId",),
    computed=("status",),
    identify=lambda request: str(request.document["zoneId"]),
)
