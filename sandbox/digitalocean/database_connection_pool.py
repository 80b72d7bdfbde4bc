"""A PgBouncer pool of a PostgreSQL cluster."""

from __future__ import annotations

from sandbox.digitalocean.database_cluster import memory_gb, require_cluster
from sandbox.errors import CloudError
from sandbox.resource import Form, OneOf, Request, ResourceType, Span

# DigitalOcean docs: 25 connections per GB of memory, three of them kept for maintenance (August 2026).
CONNECTIONS_PER_GB = 25
RESERVED_CONNECTIONS = 3
_PORT = 25061


def _refuse(request: Request) -> None:
    pool = request.document
    cluster = require_cluster(request.store, pool["clusterId"])
    if cluster["engine"] != "pg":
        raise CloudError(422, f"connection pools exist for PostgreSQL only, this cluster is {cluster['engine']}")
    beside = [other for _, other in request.others() if other["clusterId"] == pool["clusterId"]]
    if any(other["name"] == pool["name"] for other in beside):
        raise CloudError(422, f"pool {pool['name']!r} already exists in this cluster")
    limit = CONNECTIONS_PER_GB * memory_gb(cluster["size"]) - RESERVED_CONNECTIONS
    used = sum(other["size"] for other in beside)
    if used + pool["size"] > limit:
        raise CloudError(
            422,
            f"pool size {pool['size']} does not fit: {used} of the {limit} connections of {cluster['size']} are taken",
        )


def _fill(request: Request) -> None:
    pool = request.document
    cluster = require_cluster(request.store, pool["clusterId"])
    user = pool.get("user") or cluster["user"]
    password = request.vault.derived(f"{pool['clusterId']}/{user}")
    pool.update(host=cluster["host"], privateHost=cluster["privateHost"], port=_PORT, password=password)
    for key, host in (("uri", pool["host"]), ("privateUri", pool["privateHost"])):
        pool[key] = f"postgresql://{user}:{password}@{host}:{_PORT}/{pool['name']}?sslmode=require"


DATABASE_CONNECTION_POOL = ResourceType(
    pulumi_type="digitalocean:index/databaseConnectionPool:DatabaseConnectionPool",
    title="DatabaseConnectionPool",
    url="v2/databases/{clusterId}/pools",
    checks={
        "mode": OneOf(("session", "transaction", "statement")),
        "name": Form(r".{3,63}", "a name of 3 to 63 characters"),
        "size": Span(1, float("inf")),
    },
    refuse=_refuse,
    fill=_fill,
    replaces=("clusterId", "dbName", "mode", "name", "size", "user"),
    secrets=("password", "uri", "privateUri"),
    autoname=True,
    identify=lambda request: f"{request.document['clusterId']}/{request.document['name']}",
    imported=lambda import_id: import_id.replace(",", "/"),
)
