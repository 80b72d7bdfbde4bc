"""The tuning of a PostgreSQL cluster. What is not set keeps the cluster's own value; deleting it resets nothing."""

from __future__ import annotations

from sandbox.digitalocean.database_cluster import require_cluster
from sandbox.errors import CloudError
from sandbox.resource import OneOf, Request, ResourceType, Span


def _refuse(request: Request) -> None:
    cluster = require_cluster(request.store, request.document["clusterId"])
    if cluster["engine"] != "pg":
        raise CloudError(422, f"this configuration is for PostgreSQL, the cluster is {cluster['engine']}")


DATABASE_POSTGRESQL_CONFIG = ResourceType(
    pulumi_type="digitalocean:index/databasePostgresqlConfig:DatabasePostgresqlConfig",
    title="PostgreSQL configuration",
    url="v2/databases/{clusterId}/config",
    named="clusterId",
    checks={
        "defaultToastCompression": OneOf(("lz4", "pglz")),
        "logErrorVerbosity": OneOf(("TERSE", "DEFAULT", "VERBOSE")),
        "logLinePrefix": OneOf(
            (
                "pid=%p,user=%u,db=%d,app=%a,client=%h",
                "%m [%p] %q[user=%u,db=%d,app=%a]",
                "%t [%p]: [%l-1] user=%u,db=%d,app=%a,client=%h",
            )
        ),
        "trackCommitTimestamp": OneOf(("off", "on")),
        "trackFunctions": OneOf(("all", "pl", "none")),
        "trackIoTiming": OneOf(("off", "on")),
        "sharedBuffersPercentage": Span(20, 60),
    },
    limits={
        "backupHour": Span(0, 23),
        "backupMinute": Span(0, 59),
        "pgStatStatementsTrack": OneOf(("all", "top", "none")),
        "workMem": Span(1, 1024),
        "pgbouncers[*].minPoolSize": Span(0, 10_000),
        "pgbouncers[*].autodbPoolMode": OneOf(("session", "transaction", "statement")),
    },
    refuse=_refuse,
    replaces=("clusterId",),
    sets=("pgbouncers[*].ignoreStartupParameters",),
    computed=("*", "pgbouncers[*].*"),
    identify=lambda request: f"{request.document['clusterId']}/postgresql-config",
    imported=lambda import_id: f"{import_id}/postgresql-config",
)
