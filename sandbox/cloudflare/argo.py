"""Switches of a zone that are resources of their own: Argo and the tiered caches."""

from __future__ import annotations

from sandbox.cloudflare.account import SWITCH
from sandbox.cloudflare.zone import require_zone
from sandbox.resource import Request, ResourceType


def _refuse(request: Request) -> None:
    require_zone(request)


def _fill(request: Request) -> None:
    request.document["editable"] = True
    request.document["modifiedOn"] = request.now


def _switch(pulumi_type: str, title: str, path: str) -> ResourceType:
    return ResourceType(
        pulumi_type=pulumi_type,
        title=title,
        url=f"zones/{{zoneId}}/{path}",
        named="zoneId",
        checks={"value": SWITCH},
        refuse=_refuse,
        fill=_fill,
        replaces=("zoneId",),
        identify=lambda request: str(request.document["zoneId"]),
    )


ARGO_SMART_ROUTING = _switch(
    "cloudflare:index/argoSmartRouting:ArgoSmartRouting", "Argo Smart Routing", "argo/smart_routing"
)
ARGO_TIERED_CACHING = _switch(
    "cloudflare:index/argoTieredCaching:ArgoTieredCaching", "Argo Tiered Caching", "argo/tiered_caching"
)
TIERED_CACHE = _switch(
    "cloudflare:index/tieredCache:TieredCache", "Smart Tiered Cache", "cache/tiered_cache_smart_topology_enable"
)
