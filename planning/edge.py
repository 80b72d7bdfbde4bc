"""Names, values and Workers of the edge."""

from __future__ import annotations

import json
from typing import Any, Final

from planning.edge_cache import ordered
from planning.naming import physical_name
from settings.duration import whole_seconds
from settings.edge import Edge
from settings.edge_plan import PLANS, PlanName
from settings.edge_zone import EdgeHealthCheck, Hsts, ZoneSettings

WORKER_NAME_LIMIT: Final = 63
"""The longest name of a Worker that is also valid in its host name (Cloudflare Workers docs, 2026-08)."""

FORWARD: Final = "forward"
"""The folder in workers/ of the Worker before App Platform."""


def record_name(host: str, zone: str) -> str:
    """A record's logical name: the part before the zone, or `apex`."""
    return host.removesuffix(zone).rstrip(".").replace(".", "-") or "apex"


def zone_label(zone: str) -> str:
    """A zone's logical name: `example-com`."""
    return zone.replace(".", "-")


def worker_name(name: str, environment: str) -> str:
    return physical_name(name, environment, limit=WORKER_NAME_LIMIT)


def kept_answers(edge: Edge) -> list[dict[str, Any]]:
    """The cache rules as the forwarding Worker reads them, in their order; times in seconds, null where unset."""
    return [
        {
            "name": name,
            **{
                condition: sorted(getattr(rule.when, condition))
                for condition in ("paths", "prefixes", "extensions", "methods", "hosts")
            },
            "bypass": rule.bypass,
            "edge": whole_seconds(rule.edge) if rule.edge else None,
            "browser": None if rule.browser is None else whole_seconds(rule.browser),
            "immutable": rule.immutable,
        }
        for name, rule in ordered(edge.cache)
    ]


def cache_binding(edge: Edge) -> str:
    """`kept_answers` as the text of the Worker's variable CACHE: the same text for the same rules."""
    return json.dumps(kept_answers(edge), sort_keys=True, separators=(",", ":"))


def zone_setting_values(zone: ZoneSettings, plan: PlanName) -> dict[str, Any]:
    """The settings of a zone by their id at Cloudflare, without those that the plan does not have."""
    values: dict[str, Any] = {
        "always_use_https": "on",
        "automatic_https_rewrites": "on",
        "brotli": _switch(zone.brotli),
        "http3": _switch(zone.http3),
        "min_tls_version": zone.minimum_tls,
        # Anything less sends passwords in the clear between Cloudflare and the origin, or loops with force_https.
        "ssl": "strict",
        "tls_1_3": "on",
        "websockets": _switch(zone.websockets),
    }
    if zone.hsts:
        values["security_header"] = {"strict_transport_security": _hsts(zone.hsts)}
    if PLANS[plan].polish:
        values |= {"polish": zone.polish, "webp": _switch(zone.webp)}
    return dict(sorted(values.items()))


def health_check_values(check: EdgeHealthCheck) -> dict[str, Any]:
    """What a health check at Cloudflare is made of, without its name and zone."""
    return {
        "address": check.host,
        "type": "HTTPS",
        "interval": whole_seconds(check.interval),
        "timeout": whole_seconds(check.timeout),
        "retries": 2,
        "consecutive_fails": check.failures,
        "consecutive_successes": 1,
        "check_regions": sorted(check.regions),
        "http_config": {
            "method": "GET",
            "path": check.path,
            "port": 443,
            "expected_codes": ["200"],
            "follow_redirects": False,
            "allow_insecure": False,
        },
    }


def _switch(on: bool) -> str:
    return "on" if on else "off"


def _hsts(hsts: Hsts) -> dict[str, Any]:
    return {
        "enabled": True,
        "max_age": whole_seconds(hsts.max_age),
        "include_subdomains": hsts.subdomains,
        "preload": hsts.preload,
        "nosniff": True,
    }
