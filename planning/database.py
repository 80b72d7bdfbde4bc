"""Managed clusters on DigitalOcean: what the provider takes."""

from __future__ import annotations

from typing import Any, Final

from planning.naming import physical_name
from settings.database import ManagedDatabase
from settings.pgbouncer import ConnectionPool
from settings.redis import Valkey

NAME_LIMIT: Final = 63


def cluster_name(app: str, database: ManagedDatabase, environment: str) -> str:
    return physical_name(database.cluster or f"{app}-db", environment, limit=NAME_LIMIT)


def cluster(database: ManagedDatabase, name: str) -> dict[str, Any]:
    """The arguments of the PostgreSQL cluster."""
    found: dict[str, Any] = {
        "name": name,
        "engine": "pg",
        "version": database.version,
        "region": database.region,
        "size": database.size,
        "node_count": database.nodes,
    }
    if database.storage_gb:
        found["storage_size_mib"] = str(database.storage_gb * 1024)
    if database.growth:
        found["storage_autoscale"] = {
            "enabled": True,
            "threshold_percent": database.growth.above_percent,
            "increment_gib": database.growth.increment_gb,
        }
    if database.maintenance:
        found["maintenance_windows"] = [{"day": database.maintenance.day, "hour": database.maintenance.hour}]
    return found


def tuning(database: ManagedDatabase, pool: ConnectionPool | None) -> dict[str, Any]:
    """The arguments of the cluster's configuration."""
    found: dict[str, Any] = {"pg_stat_statements_track": database.statements}
    if pool:
        found["pgbouncers"] = [{"min_pool_size": pool.minimum}]
    return found


def valkey_cluster(valkey: Valkey, name: str) -> dict[str, Any]:
    """The arguments of the Valkey cluster. It spells policies with underscores, its configuration with hyphens."""
    return {
        "name": name,
        "engine": valkey.engine,
        "version": valkey.version,
        "region": valkey.region,
        "size": valkey.size,
        "node_count": valkey.nodes,
        "eviction_policy": valkey.eviction.replace("-", "_"),
    }


def valkey_tuning(valkey: Valkey) -> dict[str, Any]:
    """The arguments of its configuration."""
    return {"persistence": valkey.persistence, "valkey_maxmemory_policy": valkey.eviction, "ssl": True}


def pool_name(database: ManagedDatabase) -> str:
    """What clients give as the name of the database to go through the pool."""
    return f"{database.name}-pool"
