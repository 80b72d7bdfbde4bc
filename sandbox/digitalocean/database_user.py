"""A user of a cluster. Its password is made by the cloud."""

from __future__ import annotations

from sandbox.digitalocean.database_cluster import require_cluster
from sandbox.errors import CloudError
from sandbox.resource import OneOf, Request, ResourceType


def _refuse(request: Request) -> None:
    cluster = require_cluster(request.store, request.document["clusterId"])
    taken = {other["name"] for _, other in request.others() if other["clusterId"] == request.document["clusterId"]}
    if request.document["name"] in {*taken, cluster["user"]}:
        raise CloudError(422, f"user {request.document['name']!r} already exists in this cluster")


def _fill(request: Request) -> None:
    user = request.document
    user["role"] = "normal"
    user["password"] = request.vault.derived(f"{user['clusterId']}/{user['name']}")
    user["accessCert"] = user["accessKey"] = ""


DATABASE_USER = ResourceType(
    pulumi_type="digitalocean:index/databaseUser:DatabaseUser",
    title="Database User",
    url="v2/databases/{clusterId}/users",
    checks={"mysqlAuthPlugin": OneOf(("mysql_native_password", "caching_sha2_password"))},
    refuse=_refuse,
    fill=_fill,
    replaces=("clusterId", "name"),
    computed=("mysqlAuthPlugin", "settings"),
    secrets=("password", "accessCert", "accessKey"),
    autoname=True,
    identify=lambda request: f"{request.document['clusterId']}/user/{request.document['name']}",
    imported=lambda import_id: import_id.replace(",", "/user/"),
)
