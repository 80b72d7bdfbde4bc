"""A managed database cluster."""

from __future__ import annotations

import re
from collections.abc import Iterable

from sandbox.digitalocean.project import default_project
from sandbox.digitalocean.regions import DATACENTERS
from sandbox.errors import CloudError
from sandbox.resource import Form, OneOf, Problem, Request, ResourceType, Span
from sandbox.store import Document, Store
from sandbox.values import Properties

KIND = "digitalocean/databaseCluster"

# Engine to its port, its user, its database and its URI scheme.
_ENGINES = {
    "pg": (25060, "doadmin", "defaultdb", "postgresql"),
    "mysql": (25060, "doadmin", "defaultdb", "mysql"),
    "valkey": (25061, "default", "", "rediss"),
}
_VERSIONS = {"pg": ("14", "15", "16", "17", "18"), "mysql": ("8",), "valkey": ("8",)}
_MOST_NODES = {"pg": 3, "mysql": 3, "valkey": 2}
# Standby nodes start at this size (DigitalOcean docs: add standby nodes, August 2026).
_STANDBY_GB = 2
_EVICTION = ("noeviction", "allkeys_lru", "allkeys_random", "volatile_lru", "volatile_random", "volatile_ttl")
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def memory_gb(size: str) -> int:
    """The memory of a size such as `db-s-1vcpu-2gb`, in GB; 0 for one that says none."""
    match = re.search(r"-(\d+)gb", size)
    return int(match[1]) if match else 0


def require_cluster(store: Store, cluster_id: object) -> Document:
    """The cluster document with this id. Raises CloudError when there is none."""
    cluster = store.get(KIND, str(cluster_id))
    if cluster is None:
        raise CloudError(404, f"database cluster {cluster_id!r} was not found")
    return cluster


def _problems(properties: Properties) -> Iterable[Problem]:
    engine = properties.get("engine")
    if not properties.get("version"):
        yield Problem(
            "version", f"version is required in practice; set it, e.g. {_VERSIONS.get(str(engine), ('17',))[-1]!r}"
        )
    if properties.get("evictionPolicy") and engine in ("pg", "mysql"):
        yield Problem("evictionPolicy", f"eviction is a matter of valkey only, not of {engine}; remove it")
    if properties.get("sqlMode") and engine in ("pg", "valkey"):
        yield Problem("sqlMode", f"sqlMode is a matter of mysql only, not of {engine}; remove it")


def _refuse(request: Request) -> None:
    cluster = request.document
    engine, version, nodes = cluster["engine"], cluster["version"], cluster["nodeCount"]
    if engine == "redis":
        raise CloudError(422, "Redis is discontinued since 2025-06-30; use engine valkey")
    if engine not in _ENGINES:
        raise CloudError(422, f"engine {engine!r} is not emulated; emulated: {', '.join(_ENGINES)}")
    if version not in _VERSIONS[engine]:
        raise CloudError(422, f"{engine} version {version!r} is not offered; offered: {', '.join(_VERSIONS[engine])}")
    if nodes > _MOST_NODES[engine]:
        raise CloudError(422, f"{engine} clusters have at most {_MOST_NODES[engine]} nodes, got {nodes}")
    if nodes > 1 and memory_gb(cluster["size"]) < _STANDBY_GB:
        raise CloudError(422, f"size {cluster['size']} allows one node only; standby nodes start at {_STANDBY_GB} GB")
    if any(other["name"] == cluster["name"] for _, other in request.others()):
        raise CloudError(422, f"cluster name is not available: {cluster['name']!r} exists already")


def _fill(request: Request) -> None:
    cluster = request.document
    cluster.setdefault("projectId", default_project(request))
    cluster.setdefault(
        "privateNetworkUuid", f"{request.vault.digest('vpc', cluster['region'])[:8]}-0000-4000-a000-000000000000"
    )
    cluster.setdefault("storageSizeMib", str(max(10, memory_gb(cluster["size"]) * 15) * 1024))
    if request.old is not None:
        return
    port, user, database, scheme = _ENGINES[cluster["engine"]]
    host = f"{cluster['name']}-do-user-1-0.{request.vault.digest('db', request.id)[:1]}.db.ondigitalocean.com"
    password = request.vault.derived(f"{request.id}/{user}")
    address = f":{port}{f'/{database}?sslmode=require' if database else ''}"
    cluster.update(
        clusterUrn=f"do:dbaas:{request.id}",
        host=host,
        privateHost=f"private-{host}",
        port=port,
        user=user,
        database=database,
        password=password,
        uri=f"{scheme}://{user}:{password}@{host}{address}",
        privateUri=f"{scheme}://{user}:{password}@private-{host}{address}",
        metricsEndpoints=[f"https://{host}:9273/metrics"],
        uiDatabase="",
        uiHost="",
        uiPassword="",
        uiPort=0,
        uiUri="",
        uiUser="",
    )


DATABASE_CLUSTER = ResourceType(
    pulumi_type="digitalocean:index/databaseCluster:DatabaseCluster",
    title="DatabaseCluster",
    url="v2/databases",
    checks={
        "maintenanceWindows[*].day": Form(f"(?i:{'|'.join(_DAYS)})", "a day of the week"),
        "storageAutoscale.thresholdPercent": Span(15, 95),
        "storageAutoscale.incrementGib": Span(10, 500),
        "nodeCount": Span(1, float("inf")),
    },
    problems=_problems,
    limits={
        "region": DATACENTERS,
        "size": Form(r"(db|gd|m|so1_5|c)[a-z0-9_]*(-[a-z0-9]+)*-\d+vcpu-\d+gb.*", "a size slug such as db-s-1vcpu-1gb"),
        "evictionPolicy": OneOf(_EVICTION),
        "name": Form(r"[a-z][a-z0-9-]{2,62}", "3 to 63 lower-case letters, digits and dashes"),
    },
    refuse=_refuse,
    fill=_fill,
    replaces=("engine", "name", "privateNetworkUuid", "projectId"),
    sets=("tags",),
    computed=("projectId", "privateNetworkUuid", "storageSizeMib"),
    secrets=("password", "uri", "privateUri", "uiPassword", "uiUri"),
    autoname=True,
    owns={
        f"digitalocean/{name}": "clusterId"
        for name in (
            "databaseConnectionPool",
            "databaseDb",
            "databaseFirewall",
            "databasePostgresqlConfig",
            "databaseUser",
            "databaseValkeyConfig",
        )
    },
)
