"""Apps, clusters and checks on DigitalOcean for samples."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from inventory.planned.plan import Plan
from inventory.resource import Resource
from inventory.unknown import UNKNOWN
from policies.sample import STACK
from policies.samples.merged import merged

_CLOUD: Final = "digitalocean"
_CHECK: Final = {
    "http_path": "/ready",
    "initial_delay_seconds": 10,
    "period_seconds": 10,
    "timeout_seconds": 5,
    "success_threshold": 1,
    "failure_threshold": 3,
}
_TOLD: Final = {"slack_webhooks": [{"channel": "#shop", "url": UNKNOWN}]}
_SERVICE: Final[dict[str, Any]] = {
    "name": "web",
    "github": {"repo": "acme/shop", "branch": "main", "deploy_on_push": False},
    "http_port": 8080,
    "instance_size_slug": "apps-s-1vcpu-1gb",
    "instance_count": 2,
    "health_check": _CHECK,
    "liveness_health_check": _CHECK,
    "termination": {"drain_seconds": 15, "grace_period_seconds": 120},
    "envs": [{"key": "NODE_ENV", "value": "production", "type": "GENERAL", "scope": "RUN_TIME"}],
    "alerts": [{"rule": "CPU_UTILIZATION", "value": 80, "destinations": _TOLD}],
}
_SPEC: Final[dict[str, Any]] = {
    "name": "shop",
    "region": "fra",
    "envs": [{"key": "API_KEY", "value": UNKNOWN, "type": "SECRET", "scope": "RUN_TIME"}],
    "alerts": [{"rule": rule, "destinations": _TOLD} for rule in ("DEPLOYMENT_FAILED", "DOMAIN_FAILED")],
    "ingress": {"secure_header": {"key": "x-edge", "value": UNKNOWN}},
    "vpcs": [{"id": UNKNOWN}],
}


def platform_app(
    service: Mapping[str, Any] | None = None,
    spec: Mapping[str, Any] | None = None,
    *,
    system: str = "shop",
    protect: bool = False,
) -> tuple[Resource, ...]:
    """An app with two instances in Frankfurt. `service` and `spec` change its spec (snake_case)."""
    plan = Plan(STACK)
    component = plan.component("AppPlatformApp", system, plan.component("System", system))
    wanted = {**merged(_SPEC, spec or {}), "services": [merged(_SERVICE, service or {})]}
    plan.cloud(_CLOUD, "App", f"{system}-app", component, protect=protect, spec=wanted)
    return tuple(plan.resources)


def postgres(
    *,
    system: str = "shop",
    firewall: Any = ({"type": "app", "value": UNKNOWN},),
    pool: Mapping[str, Any] | None = None,
    protect: bool = True,
    **properties: Any,
) -> tuple[Resource, ...]:
    """A PostgreSQL cluster of two nodes. `firewall` are its rules, None for no firewall; `pool` changes its pool."""
    sound = {
        "engine": "pg",
        "version": "17",
        "region": "fra1",
        "size": "db-s-1vcpu-2gb",
        "node_count": 2,
        "storage_autoscale": {"enabled": True, "threshold_percent": 80, "increment_gib": 10},
        "maintenance_windows": [{"day": "sunday", "hour": "04:00"}],
    }
    plan, name = Plan(STACK), f"{system}-database"
    component = plan.component("Database", name, plan.component("System", system))
    wanted = {"name": f"{system}-db", **sound, **properties}
    plan.cloud(_CLOUD, "DatabaseCluster", f"{name}-cluster", component, protect=protect, **wanted)
    plan.cloud(_CLOUD, "DatabaseDb", f"{name}-db", component, protect=protect, name="shop")
    through = {"name": "shop-pool", "mode": "transaction", "size": 20, **(pool or {})}
    plan.cloud(_CLOUD, "DatabaseConnectionPool", f"{name}-pool", component, **through)
    _firewall(plan, name, component, firewall)
    return tuple(plan.resources)


def valkey(
    *,
    system: str = "shop",
    firewall: Any = ({"type": "app", "value": UNKNOWN},),
    persistence: Any = "rdb",
    protect: bool = True,
    **properties: Any,
) -> tuple[Resource, ...]:
    """A Valkey cluster of one node."""
    sound = {
        "engine": "valkey",
        "version": "8",
        "region": "fra1",
        "size": "db-s-1vcpu-1gb",
        "node_count": 1,
        "eviction_policy": "allkeys_lru",
    }
    plan, name = Plan(STACK), f"{system}-redis"
    component = plan.component("Valkey", name, plan.component("System", system))
    wanted = {"name": f"{system}-valkey", **sound, **properties}
    plan.cloud(_CLOUD, "DatabaseCluster", f"{name}-cluster", component, protect=protect, **wanted)
    plan.cloud(_CLOUD, "DatabaseValkeyConfig", f"{name}-tuning", component, persistence=persistence)
    _firewall(plan, name, component, firewall)
    return tuple(plan.resources)


def uptime_check(
    *,
    system: str = "shop",
    alerts: Sequence[str] = ("down_global", "ssl_expiry"),
    notifications: Any = ({"slacks": [{"channel": "#shop", "url": UNKNOWN}]},),
    **properties: Any,
) -> tuple[Resource, ...]:
    """A check of the system's page, with an alert of each kind."""
    sound = {"target": "https://shop.example.com/ready", "type": "https", "regions": ["eu_west"], "enabled": True}
    plan, name = Plan(STACK), f"{system}-ready"
    component = plan.component("Monitoring", system, plan.component("System", system))
    plan.cloud(_CLOUD, "UptimeCheck", name, component, **{"name": name, **sound, **properties})
    told = notifications if notifications is UNKNOWN else list(notifications)
    for kind in alerts:
        plan.cloud(_CLOUD, "UptimeAlert", f"{name}-{kind}", component, type=kind, period="2m", notifications=told)
    return tuple(plan.resources)


def _firewall(plan: Plan, name: str, component: Resource, rules: Any) -> None:
    if rules is not None:
        plan.cloud(_CLOUD, "DatabaseFirewall", f"{name}-firewall", component, rules=rules)
