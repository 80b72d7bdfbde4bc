"""What a stack leads to at Cloudflare: zones with their rules, DNS records, Workers."""

from __future__ import annotations

from typing import Any

from inventory.planned.plan import Plan
from inventory.resource import Resource
from inventory.unknown import UNKNOWN
from planning.app_platform import EDGE_HEADER
from planning.edge import cache_binding, health_check_values, record_name, worker_name, zone_label
from planning.edge import zone_setting_values as setting_values
from planning.edge_rulesets import Rule, ZonePlan
from settings.edge import Edge
from settings.edge_zone import EdgeAlerts, ZoneSettings
from settings.fly_system import FlySystem
from settings.system import System

_CLOUD = "cloudflare"
_COMPATIBILITY = "2026-01-01"


def plan_zone(plan: Plan, zone: ZonePlan) -> None:
    """What holds for a zone as a whole."""
    name = zone_label(zone.zone)
    component = plan.component("ZoneEdge", name, None, {"zone": zone.zone, "plan": zone.plan})
    if zone.settings and zone.settings.create_in:
        plan.cloud(_CLOUD, "Zone", f"{name}-zone", component, protect=True, name=zone.zone)
    for ruleset in zone.rulesets:
        rules = [_rule(rule) for rule in ruleset.rules]
        role = ruleset.phase.replace("_", "-")
        plan.cloud(_CLOUD, "Ruleset", f"{name}-{role}", component, phase=ruleset.phase, rules=rules)
    if zone.settings:
        _settle(plan, name, zone.settings, zone, component)


def plan_edge(plan: Plan, name: str, system: System, environment: str, edge: Edge, above: Resource) -> None:
    """The records and Workers of a system."""
    component = plan.component("Edge", name, above)
    proxied = edge.mode == "cloudflare"
    for domain in edge.domains:
        label = f"{name}-{record_name(domain.name, edge.zone)}"
        _record(plan, label, component, domain.name, "CNAME", UNKNOWN, edge.record_ttl, proxied=proxied)
        if isinstance(system, FlySystem):
            for role in ("acme", "ownership"):
                _record(plan, f"{label}-{role}", component, UNKNOWN, UNKNOWN, UNKNOWN, 1, proxied=False)
    for label, record in edge.records.items():
        _record(
            plan,
            f"{name}-record-{label}",
            component,
            record.name,
            record.type,
            record.content,
            record.seconds,
            proxied=record.proxied,
        )
    if proxied and not isinstance(system, FlySystem):
        _forward(plan, name, edge, environment, component)
    for label, worker in edge.workers.items():
        script = worker_name(f"{name}-{label}", environment)
        limits = {"cpu_ms": worker.cpu_ms} if worker.cpu_ms else None
        _worker(plan, f"{name}-{label}", component, script, _plain(worker.variables), limits)
        for number, pattern in enumerate(worker.routes, 1):
            _route(plan, f"{name}-{label}-route-{number}", component, pattern, script)


def _rule(rule: Rule) -> Rule:
    """A secret in an expression keeps all of it from being known."""
    hidden = "<" in rule["expression"] and ".headers[" in rule["expression"]
    return {**rule, "expression": UNKNOWN} if hidden else rule


def _settle(plan: Plan, name: str, settings: ZoneSettings, zone: ZonePlan, component: Resource) -> None:
    for setting, value in setting_values(settings, zone.plan).items():
        label = f"{name}-{setting.replace('_', '-')}"
        plan.cloud(_CLOUD, "ZoneSetting", label, component, setting_id=setting, value=value)
    tiered = "off" if settings.tiered_cache == "off" else "on"
    plan.cloud(_CLOUD, "ArgoTieredCaching", f"{name}-tiered-caching", component, value=tiered)
    if settings.argo:
        plan.cloud(_CLOUD, "ArgoSmartRouting", f"{name}-argo", component, value="on")
    if settings.health_check:
        checked = health_check_values(settings.health_check)
        plan.cloud(_CLOUD, "Healthcheck", f"{name}-health", component, **checked)
    if settings.alerts:
        for kind in sorted(settings.alerts.kinds):
            label = f"{name}-{kind.replace('_', '-')}"
            told = _mechanisms(settings.alerts)
            plan.cloud(_CLOUD, "NotificationPolicy", label, component, alert_type=kind, enabled=True, mechanisms=told)


def _mechanisms(alerts: EdgeAlerts) -> dict[str, Any]:
    found: dict[str, Any] = {"emails": [{"id": email} for email in sorted(alerts.emails)]}
    return {**found, "webhooks": [{"id": UNKNOWN}]} if alerts.webhook_secret else found


def _forward(plan: Plan, name: str, edge: Edge, environment: str, component: Resource) -> None:
    script = worker_name(name, environment)
    plain = {"CACHE": cache_binding(edge), "ORIGIN_HEADER": EDGE_HEADER, "ORIGIN_HOST": UNKNOWN}
    secret = {"name": "ORIGIN_SECRET", "type": "secret_text", "text": UNKNOWN}
    _worker(plan, name, component, script, [*_plain(plain), secret], None)
    for domain in edge.domains:
        label = f"{name}-{record_name(domain.name, edge.zone)}-route"
        _route(plan, label, component, f"{domain.name}/*", script)


def _plain(variables: Any) -> list[dict[str, Any]]:
    return [{"name": key, "type": "plain_text", "text": value} for key, value in sorted(variables.items())]


def _worker(
    plan: Plan, name: str, component: Resource, script: str, bindings: list[dict[str, Any]], limits: Any
) -> None:
    plan.cloud(
        _CLOUD,
        "WorkersScript",
        f"{name}-worker",
        component,
        script_name=script,
        compatibility_date=_COMPATIBILITY,
        bindings=bindings,
        limits=limits,
    )


def _route(plan: Plan, name: str, component: Resource, pattern: str, script: str) -> None:
    plan.cloud(_CLOUD, "WorkersRoute", name, component, pattern=pattern, script=script)


def _record(
    plan: Plan, name: str, component: Resource, host: Any, kind: Any, content: Any, ttl: int, *, proxied: bool
) -> None:
    plan.cloud(_CLOUD, "DnsRecord", name, component, name=host, type=kind, content=content, ttl=ttl, proxied=proxied)
