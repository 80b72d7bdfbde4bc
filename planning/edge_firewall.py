"""Firewall rules, managed rules and rate limits as Cloudflare takes them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from edge.fields import PlanName
from edge.tokens import quoted
from planning.edge_expression import expression
from settings.duration import whole_seconds
from settings.edge_rules import FirewallRule, RateLimit
from settings.edge_zone import ManagedWaf, Owasp

Rule = dict[str, Any]

CLOUDFLARE_MANAGED: Final = "efb7b8c949ac4650a09736fc376e9aee"
OWASP_CORE: Final = "4814384a9e5d4991b9815dcfc25d2f1f"
FREE_MANAGED: Final = "77454fe2d30c4220b5701f6fdfb893ba"
_OWASP_VERDICT: Final = "6179ae15870a4bb7b2d480d4843b323c"
"""The ids are the same in every zone (Cloudflare docs, waf/managed-rules/reference, 2026-08)."""

_POINTS: Final = {"low": 60, "medium": 40, "high": 25}
_PARANOIA: Final = (1, 2, 3, 4)
_BEFORE: Final = ("skip", "log", "block", "managed_challenge", "js_challenge", "challenge")
_SKIPPED: Final = {"rate_limits": "http_ratelimit", "managed": "http_request_firewall_managed"}


def custom_rules(rules: Mapping[str, FirewallRule], hosts: tuple[str, ...]) -> Iterator[tuple[str, Rule]]:
    """(name, rule of the phase http_request_firewall_custom), what is let through before what is refused."""
    for name, rule in sorted(
        rules.items(), key=lambda item: (item[1].priority, _BEFORE.index(item[1].action), item[0])
    ):
        yield (
            name,
            {
                "action": rule.action,
                "expression": expression(rule.when, hosts),
                **({"action_parameters": _skipped(rule)} if rule.action == "skip" else {}),
            },
        )


def _skipped(rule: FirewallRule) -> dict[str, Any]:
    phases = sorted(_SKIPPED[part] for part in rule.skips if part in _SKIPPED)
    return {**({"phases": phases} if phases else {}), **({"ruleset": "current"} if "custom" in rule.skips else {})}


def limit_rules(limits: Mapping[str, RateLimit], hosts: tuple[str, ...], plan: PlanName) -> Iterator[tuple[str, Rule]]:
    """(name, rule of the phase http_ratelimit). The free plan knows no host there, so it counts for the whole zone."""
    scope = () if plan == "free" else hosts
    for name, limit in sorted(limits.items(), key=lambda item: (item[1].priority, item[0])):
        yield (
            name,
            {
                "action": "block",
                "expression": expression(limit.when, scope),
                "action_parameters": {
                    "response": {
                        "status_code": 429,
                        "content_type": "application/json",
                        "content": '{"error":"too many requests"}',
                    }
                },
                "ratelimit": {
                    "characteristics": ["cf.colo.id", "ip.src"],
                    "period": whole_seconds(limit.period),
                    "requests_per_period": limit.requests,
                    "mitigation_timeout": limit.block_seconds,
                    "requests_to_origin": False,
                },
            },
        )


def managed_rules(managed: ManagedWaf, plan: PlanName) -> Iterator[tuple[str, Rule]]:
    """(name, rule of the phase http_request_firewall_managed): what is left alone first, then the collections."""
    if managed.skipped_paths:
        yield (
            "managed-skip",
            {
                "action": "skip",
                "expression": _paths(managed.skipped_paths),
                "action_parameters": {"ruleset": "current"},
            },
        )
    if managed.cloudflare:
        yield (
            "managed-cloudflare",
            {
                "action": "execute",
                "expression": "true",
                "action_parameters": {"id": FREE_MANAGED if plan == "free" else CLOUDFLARE_MANAGED},
            },
        )
    if managed.owasp:
        yield (
            "managed-owasp",
            {
                "action": "execute",
                "expression": "true",
                "action_parameters": {"id": OWASP_CORE, "overrides": _overrides(managed.owasp)},
            },
        )


def _paths(paths: Iterable[str]) -> str:
    return f"http.request.uri.path in {{{' '.join(quoted(path) for path in sorted(paths))}}}"


def _overrides(owasp: Owasp) -> dict[str, Any]:
    verdict = {"id": _OWASP_VERDICT, "action": owasp.action, "score_threshold": _POINTS[owasp.threshold]}
    switched_off = [
        {"category": f"paranoia-level-{level}", "enabled": False} for level in _PARANOIA if level > owasp.paranoia
    ]
    return {"rules": [verdict], **({"categories": switched_off} if switched_off else {})}
