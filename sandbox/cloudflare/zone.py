"""A zone: a domain whose DNS is at Cloudflare."""

from __future__ import annotations

from typing import Any

from sandbox.cloud import Cloud
from sandbox.errors import CloudError
from sandbox.resource import Form, OneOf, Request, ResourceType
from sandbox.values import Properties

KIND = "cloudflare/zone"

_NAME_SERVERS = ("ada.ns.cloudflare.com", "bob.ns.cloudflare.com")
_PLANS = {
    "free": ("Free Website", 0),
    "pro": ("Pro", 25),
    "business": ("Business", 250),
    "enterprise": ("Enterprise", 0),
}
"""Name and price in USD a month; the id is made up."""


def require_zone(request: Request) -> Any:
    """The zone document that a resource's zoneId names. Raises CloudError when there is none."""
    zone_id = request.document.get("zoneId")
    zone = request.store.get(KIND, str(zone_id)) if zone_id else None
    if zone is None:
        raise CloudError(404, f"Could not route to /zones/{zone_id}: no such zone in this account", code=7003)
    return zone


def plan_of(zone: Any) -> str:
    """The name of a zone's plan: `free`, `pro`, `business`, `enterprise`."""
    return str(zone["plan"]["legacyId"])


def _plan(name: str) -> dict[str, Any]:
    title, price = _PLANS[name]
    return {"id": f"{price:032x}", "name": title, "legacyId": name, "price": price, "currency": "USD"}


def _refuse(request: Request) -> None:
    name = request.document["name"]
    if any(other["name"] == name for _, other in request.others()):
        raise CloudError(400, f"{name} already exists", code=1061)


def _fill(request: Request) -> None:
    zone = request.document
    if request.old is not None:
        zone["modifiedOn"] = request.now
        return
    zone.update(
        activatedOn=request.now,
        createdOn=request.now,
        modifiedOn=request.now,
        developmentMode=0,
        nameServers=list(_NAME_SERVERS),
        originalNameServers=[],
        permissions=["#zone:read", "#zone:edit", "#dns_records:edit"],
        # A program cannot choose it: a zone begins on the free plan, and somebody pays for another one.
        plan=_plan((zone.get("plan") or {}).get("legacyId", "free")),
        status="active",
        meta={"pageRuleQuota": 3, "phishingDetected": False, "step": 4},
        owner={"id": zone["account"].get("id", ""), "name": "", "type": "organization"},
    )


ZONE = ResourceType(
    pulumi_type="cloudflare:index/zone:Zone",
    title="zone",
    url="zones",
    checks={"type": OneOf(("full", "partial", "secondary", "internal"))},
    limits={"name": Form(r"(?!-)[a-z0-9.-]{1,253}\.[a-z]{2,63}", "a domain name such as example.com")},
    refuse=_refuse,
    fill=_fill,
    replaces=("name", "account"),
    defaults={"type": "full", "paused": False},
    computed=("vanityNameServers",),
    owns={
        f"cloudflare/{name}": "zoneId"
        for name in (
            "argoSmartRouting",
            "argoTieredCaching",
            "dnsRecord",
            "healthcheck",
            "ruleset",
            "tieredCache",
            "workersRoute",
            "zoneDnssec",
            "zoneSetting",
        )
    },
)


def get_zone(cloud: Cloud, arguments: Properties) -> Properties:
    """`cloudflare:index/getZone:getZone`: one zone, by `zoneId` or by a `filter` with a name."""
    wanted = arguments.get("zoneId")
    name = (arguments.get("filter") or {}).get("name")
    for id_, zone in cloud.store.all(KIND):
        if id_ == wanted or (name and zone["name"] == name):
            return {**zone, "id": id_, "zoneId": id_, "filter": arguments.get("filter")}
    raise CloudError(404, f"found no zone {wanted or name!r} in this account; add the domain to Cloudflare first")


def get_zones(cloud: Cloud, arguments: Properties) -> Properties:
    """`cloudflare:index/getZones:getZones`: every zone, or those of a name."""
    name = arguments.get("name")
    zones = [{**zone, "id": id_} for id_, zone in cloud.store.all(KIND) if name in (None, zone["name"])]
    return {**arguments, "results": zones, "id": "zones"}
