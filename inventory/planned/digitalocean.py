"""What a system leads to on DigitalOcean: its app, its clusters, its checks from outside."""

from __future__ import annotations

from typing import Any

from inventory.planned.plan import Plan
from inventory.resource import Resource
from inventory.unknown import UNKNOWN
from planning.app_platform import app_spec
from planning.database import cluster, cluster_name, pool_name, tuning, valkey_cluster, valkey_tuning
from planning.monitoring import alerts, certificate_probe
from planning.naming import physical_name
from planning.redis import valkey_name
from settings.any_system import DATABASE_VARIABLES, REDIS_VARIABLES
from settings.database import ManagedDatabase
from settings.digitalocean_system import DigitalOceanSystem
from settings.monitoring import Monitoring
from settings.pgbouncer import ConnectionPool
from settings.system import System

_CLOUD = "digitalocean"
_NAME_LIMIT = 63


def plan_app_platform(plan: Plan, name: str, system: DigitalOceanSystem, environment: str, above: Resource) -> None:
    """The app under the system's component."""
    given = {key: UNKNOWN for key in REDIS_VARIABLES if system.redis and key != "REDIS_URL"}
    secrets = [*(["REDIS_URL"] if system.redis else []), *(DATABASE_VARIABLES if system.database else ())]
    networked = system.redis is not None or isinstance(system.database, ManagedDatabase)
    spec = app_spec(
        system,
        environment,
        dict.fromkeys((*system.needed_secrets, *secrets), UNKNOWN),
        mark="",
        given=given,
        given_secrets=secrets,
        network=UNKNOWN if networked else None,
    )
    component = plan.component("AppPlatformApp", name, above)
    plan.cloud(_CLOUD, "App", f"{name}-app", component, protect=system.app.adopt is not None, spec=spec)


def plan_clusters(plan: Plan, name: str, system: System, environment: str, above: Resource) -> None:
    """PostgreSQL and Valkey where they are managed, with their firewalls."""
    roles = []
    database, on_platform = system.database, isinstance(system, DigitalOceanSystem)
    if isinstance(database, ManagedDatabase):
        pool = system.pgbouncer if isinstance(system.pgbouncer, ConnectionPool) else None
        roles.append("database")
        _database(plan, f"{name}-database", database, cluster_name(system.app.name, database, environment), pool, above)
    if isinstance(system, DigitalOceanSystem) and system.redis:
        roles.append("redis")
        component = plan.component("Valkey", f"{name}-redis", above)
        physical = valkey_name(system, system.redis, environment)
        wanted = valkey_cluster(system.redis, physical)
        plan.cloud(_CLOUD, "DatabaseCluster", f"{name}-redis-cluster", component, protect=True, **wanted)
        tuned = valkey_tuning(system.redis)
        plan.cloud(_CLOUD, "DatabaseValkeyConfig", f"{name}-redis-tuning", component, **tuned)
    if not roles:
        return
    allowed = sorted(database.allow) if isinstance(database, ManagedDatabase) else []
    app = [{"type": "app", "value": UNKNOWN}] if on_platform else []
    component = plan.component("Firewall", name, above)
    for role in roles:
        rules = [*app, *({"type": "ip_addr", "value": address} for address in allowed)]
        plan.cloud(_CLOUD, "DatabaseFirewall", f"{name}-{role}-firewall", component, rules=rules)


def plan_monitoring(
    plan: Plan, name: str, monitoring: Monitoring, environment: str, above: Resource, base_url: str | None
) -> None:
    """An uptime check a probe, with its alerts. `base_url` is None where only the cloud will tell it."""
    component = plan.component("Monitoring", name, above)
    for probe_name, probe in sorted(monitoring.probes.items()):
        logical = f"{name}-{probe_name}"
        plan.cloud(
            _CLOUD,
            "UptimeCheck",
            logical,
            component,
            name=physical_name(logical, environment, limit=_NAME_LIMIT),
            target=f"{base_url}{probe.path}" if base_url else UNKNOWN,
            type="https",
            regions=sorted(monitoring.regions),
            enabled=True,
        )
        for alert in alerts(monitoring, probe, certificate=probe_name == certificate_probe(monitoring)):
            plan.cloud(
                _CLOUD,
                "UptimeAlert",
                f"{logical}-{alert.role}",
                component,
                type=alert.type,
                period=alert.period,
                threshold=alert.threshold,
                notifications=[_notification(monitoring)],
            )


def _database(
    plan: Plan, name: str, database: ManagedDatabase, physical: str, pool: ConnectionPool | None, above: Resource
) -> None:
    component = plan.component("Database", name, above)
    plan.cloud(_CLOUD, "DatabaseCluster", f"{name}-cluster", component, protect=True, **cluster(database, physical))
    plan.cloud(_CLOUD, "DatabaseDb", f"{name}-db", component, protect=True, name=database.name)
    plan.cloud(_CLOUD, "DatabasePostgresqlConfig", f"{name}-tuning", component, **tuning(database, pool))
    if pool:
        plan.cloud(
            _CLOUD,
            "DatabaseConnectionPool",
            f"{name}-pool",
            component,
            name=pool_name(database),
            mode=pool.mode,
            size=pool.pool,
        )


def _notification(monitoring: Monitoring) -> dict[str, Any]:
    notify = monitoring.notify
    slacks = [{"channel": notify.slack.channel, "url": UNKNOWN}] if notify.slack else []
    return {"emails": sorted(notify.emails), "slacks": slacks}
