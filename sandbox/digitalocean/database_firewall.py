"""Who may connect to a cluster."""

from __future__ import annotations

from sandbox.digitalocean.database_cluster import require_cluster
from sandbox.errors import CloudError
from sandbox.resource import OneOf, Request, ResourceType


def _refuse(request: Request) -> None:
    require_cluster(request.store, request.document["clusterId"])
    for rule in request.document["rules"]:
        if rule["type"] == "app" and request.store.get("digitalocean/app", rule["value"]) is None:
            raise CloudError(422, f"app {rule['value']!r} of the firewall rule was not found")


def _fill(request: Request) -> None:
    known = {(rule["type"], rule["value"]): rule for rule in (request.old or {}).get("rules", [])}
    for rule in request.document["rules"]:
        before = known.get((rule["type"], rule["value"]), {})
        digest = request.vault.digest("rule", request.id, rule["type"], rule["value"])
        rule["uuid"] = (
            before.get("uuid") or f"{digest[:8]}-{digest[8:12]}-4{digest[13:16]}-a{digest[17:20]}-{digest[20:32]}"
        )
        rule["createdAt"] = before.get("createdAt") or request.now


DATABASE_FIREWALL = ResourceType(
    pulumi_type="digitalocean:index/databaseFirewall:DatabaseFirewall",
    title="DatabaseFirewall",
    url="v2/databases/{clusterId}/firewall",
    named="clusterId",
    checks={"rules[*].type": OneOf(("ip_addr", "droplet", "k8s", "tag", "app"))},
    refuse=_refuse,
    fill=_fill,
    replaces=("clusterId",),
    sets=("rules",),
    computed=("rules[*].uuid", "rules[*].createdAt"),
    identify=lambda request: f"{request.document['clusterId']}-{request.number('digitalocean firewall'):026d}",
)
