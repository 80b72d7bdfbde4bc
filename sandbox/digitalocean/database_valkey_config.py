"""The tuning of a Valkey cluster. What is not set keeps the cluster's own value; deleting it resets nothing."""

from __future__ import annotations

from sandbox.digitalocean.database_cluster import require_cluster
from sandbox.errors import CloudError
from sandbox.resource import Form, OneOf, Request, ResourceType, Span

_POLICIES = ("noeviction", "allkeys-lru", "allkeys-random", "volatile-lru", "volatile-random", "volatile-ttl")


def _refuse(request: Request) -> None:
    cluster = require_cluster(request.store, request.document["clusterId"])
    if cluster["engine"] != "valkey":
        raise CloudError(422, f"this configuration is for Valkey, the cluster is {cluster['engine']}")


DATABASE_VALKEY_CONFIG = ResourceType(
    pulumi_type="digitalocean:index/databaseValkeyConfig:DatabaseValkeyConfig",
    title="Valkey configuration",
    url="v2/databases/{clusterId}/config",
    named="clusterId",
    checks={
        "pubsubClientOutputBufferLimit": Span(32, 512),
        "numberOfDatabases": Span(1, 128),
        "ioThreads": Span(1, 32),
        "lfuLogFactor": Span(1, 100),
        "lfuDecayTime": Span(1, 120),
        "valkeyActiveExpireEffort": Span(1, 10),
        "persistence": OneOf(("off", "rdb")),
        "aclChannelsDefault": OneOf(("allchannels", "resetchannels")),
        "valkeyMaxmemoryPolicy": OneOf(
            _POLICIES, renamed={policy.replace("-", "_"): policy for policy in _POLICIES[1:]}
        ),
        "notifyKeyspaceEvents": Form(
            r"[KEg$lshzxeA]{0,32}", "at most 32 of the letters K, E, g, $, l, s, h, z, x, e, A"
        ),
    },
    refuse=_refuse,
    replaces=("clusterId",),
    computed=("*",),
    identify=lambda request: f"{request.document['clusterId']}/valkey-config",
    imported=lambda import_id: f"{import_id}/valkey-config",
)
