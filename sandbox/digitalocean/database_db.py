"""A database inside a cluster."""

from __future__ import annotations

from sandbox.digitalocean.database_cluster import require_cluster
from sandbox.errors import CloudError
from sandbox.resource import Request, ResourceType


def _refuse(request: Request) -> None:
    cluster = require_cluster(request.store, request.document["clusterId"])
    if cluster["engine"] == "valkey":
        raise CloudError(422, "a valkey cluster has no databases to create; use a key prefix")
    taken = {other["name"] for _, other in request.others() if other["clusterId"] == request.document["clusterId"]}
    if request.document["name"] in {*taken, cluster["database"]}:
        raise CloudError(422, f"database {request.document['name']!r} already exists in this cluster")


DATABASE_DB = ResourceType(
    pulumi_type="digitalocean:index/databaseDb:DatabaseDb",
    title="Database DB",
    url="v2/databases/{clusterId}/dbs",
    refuse=_refuse,
    replaces=("clusterId", "name"),
    autoname=True,
    identify=lambda request: f"{request.document['clusterId']}/database/{request.document['name']}",
    imported=lambda import_id: import_id.replace(",", "/database/"),
)
