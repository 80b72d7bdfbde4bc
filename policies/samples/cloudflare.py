"""Zones, records and Workers at Cloudflare for samples."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from inventory.planned.plan import Plan
from inventory.resource import Resource
from policies.sample import STACK

_CLOUD: Final = "cloudflare"
DOMAIN: Final = "example.com"
HOST: Final = "shop.example.com"

HEADERS: Final = {
    "Referrer-Policy": {"operation": "set", "value": "no-referrer"},
    "X-Content-Type-Options": {"operation": "set", "value": "nosniff"},
    "X-Frame-Options": {"operation": "set", "value": "DENY"},
}
_ON_HOST: Final = f'http.host eq "{HOST}"'
_SETTINGS: Final[dict[str, Any]] = {
    "always_use_https": "on",
    "min_tls_version": "1.2",
    "ssl": "strict",
    "tls_1_3": "on",
    "security_header": {
        "strict_transport_security": {"enabled": True, "max_age": 31_536_000, "include_subdomains": False}
    },
}


def rule(ref: str, action: Any, expression: Any = _ON_HOST, **more: Any) -> dict[str, Any]:
    """One rule, in the words of Cloudflare's API (snake_case)."""
    return {"ref": ref, "action": action, "expression": expression, "enabled": True, **more}


RULES: Final[dict[str, list[dict[str, Any]]]] = {
    "http_request_firewall_custom": [rule("shop_injection", "block", 'http.request.uri.query contains "union"')],
    "http_ratelimit": [
        rule(
            "shop_api",
            "block",
            f'{_ON_HOST} and starts_with(http.request.uri.path, "/api/")',
            ratelimit={
                "characteristics": ["cf.colo.id", "ip.src"],
                "period": 60,
                "requests_per_period": 50,
                "mitigation_timeout": 60,
            },
        )
    ],
    "http_response_headers_transform": [rule("shop_headers", "rewrite", action_parameters={"headers": HEADERS})],
}
"""What a sound zone has, by phase."""


def zone(
    settings: Mapping[str, Any] | None = None,
    rules: Mapping[str, Any] | None = None,
    *,
    plan_name: Any = "pro",
    alerts: Sequence[Any] = ("universal_ssl_event_type",),
    mechanisms: Any = None,
    created: bool = False,
    protect: bool = True,
    argo: bool = False,
) -> tuple[Resource, ...]:
    """A zone behind whose proxy the system `shop` stands, with sound settings and rules.

    `settings` are laid over the sound ones by their id at Cloudflare, `rules` by phase; None takes one away.
    """
    plan, name = Plan(STACK), DOMAIN.replace(".", "-")
    component = plan.component("ZoneEdge", name, None, {"zone": DOMAIN, "plan": plan_name})
    if created:
        plan.cloud(_CLOUD, "Zone", f"{name}-zone", component, protect=protect, name=DOMAIN)
    for setting, value in {**_SETTINGS, **(settings or {})}.items():
        if value is not None:
            label = f"{name}-{setting.replace('_', '-')}"
            plan.cloud(_CLOUD, "ZoneSetting", label, component, setting_id=setting, value=value)
    for phase, found in {**RULES, **(rules or {})}.items():
        if found is not None:
            label = f"{name}-{phase.replace('_', '-')}"
            plan.cloud(_CLOUD, "Ruleset", label, component, phase=phase, rules=found)
    for kind in alerts:
        told = {"emails": [{"id": "ops@example.com"}]} if mechanisms is None else mechanisms
        plan.cloud(
            _CLOUD, "NotificationPolicy", f"{name}-{kind}", component, alert_type=kind, enabled=True, mechanisms=told
        )
    if argo:
        plan.cloud(_CLOUD, "ArgoSmartRouting", f"{name}-argo", component, value="on")
    return (*plan.resources, *record())


def record(label: str = "shop", *, system: str = "shop", **properties: Any) -> tuple[Resource, ...]:
    """A proxied record of the system."""
    sound = {"name": HOST, "type": "CNAME", "content": "shop.fly.dev", "ttl": 1, "proxied": True}
    plan = Plan(STACK)
    component = plan.component("Edge", system, plan.component("System", system))
    plan.cloud(_CLOUD, "DnsRecord", f"{system}-{label}", component, **{**sound, **properties})
    return tuple(plan.resources)


def worker(
    bindings: Sequence[Mapping[str, Any]] = (),
    *,
    label: str = "shop",
    system: str = "shop",
    routes: Sequence[Any] = (f"{HOST}/*",),
    **properties: Any,
) -> tuple[Resource, ...]:
    """A Worker with its routes."""
    plan, script = Plan(STACK), properties.get("script_name", label)
    component = plan.component("Edge", system, plan.component("System", system))
    sound = {"script_name": script, "compatibility_date": "2026-01-01", "bindings": list(bindings)}
    plan.cloud(_CLOUD, "WorkersScript", f"{system}-{label}-worker", component, **{**sound, **properties})
    for number, pattern in enumerate(routes, 1):
        route = f"{system}-{label}-route-{number}"
        plan.cloud(_CLOUD, "WorkersRoute", route, component, pattern=pattern, script=script)
    return tuple(plan.resources)
