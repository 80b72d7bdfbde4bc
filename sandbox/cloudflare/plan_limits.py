"""What the API refuses because of a zone's plan.

Source: Cloudflare docs, cache/how-to/cache-rules, cache-response-rules, waf/custom-rules, waf/rate-limiting-rules,
rules/transform (availability by plan), read 2026-08.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from sandbox.errors import CloudError
from sandbox.store import Document


class Limits(NamedTuple):
    """One plan: rules by phase, and times in seconds."""

    rules: Mapping[str, int]
    edge_ttl: int
    period: int
    timeout: int


def _rules(cache: int, custom: int, rates: int) -> dict[str, int]:
    return {
        "http_request_cache_settings": cache,
        "http_response_cache_settings": cache,
        "http_response_headers_transform": cache,
        "http_request_firewall_custom": custom,
        "http_ratelimit": rates,
    }


LIMITS = {
    "free": Limits(_rules(10, 5, 1), 7200, 10, 10),
    "pro": Limits(_rules(25, 20, 2), 3600, 60, 3600),
    "business": Limits(_rules(50, 100, 5), 1, 600, 86_400),
    "enterprise": Limits(_rules(300, 1000, 100), 1, 65_535, 86_400),
}
_MANAGED = ("efb7b8c949ac4650a09736fc376e9aee", "4814384a9e5d4991b9815dcfc25d2f1f")


def refuse_beyond(plan: str, phase: str, rules: list[Document]) -> None:
    """Raise CloudError for the first thing in a ruleset that the plan does not have."""
    limits = LIMITS[plan]
    most = limits.rules.get(phase)
    if most is not None and len(rules) > most:
        message = f"exceeded the maximum number of rules in the phase {phase}: {len(rules)} out of {most}"
        raise CloudError(400, message, code=20127)
    for number, rule in enumerate(rules, 1):
        for message in _beyond(limits, plan, rule):
            raise CloudError(403, f"rule {number}: not entitled: {message}", code=20120)


def _beyond(limits: Limits, plan: str, rule: Document) -> Iterator[str]:
    parameters: dict[str, Any] = rule.get("actionParameters") or {}
    seconds = (parameters.get("edgeTtl") or {}).get("default")
    if seconds is not None and seconds < limits.edge_ttl:
        yield f"edge_ttl of {seconds} is below the minimum of {limits.edge_ttl} of the plan {plan}"
    if plan == "free" and parameters.get("id") in _MANAGED:
        yield f"the managed ruleset {parameters['id']} needs the plan pro"
    if rule.get("action") == "log" and plan != "enterprise":
        yield "the action log needs the plan enterprise"
    if " matches " in rule["expression"] and plan in {"free", "pro"}:
        yield "the operator matches needs the plan business"
    limit = rule.get("ratelimit") or {}
    if limit.get("period", 0) > limits.period:
        yield f"a period of {limit['period']} is above the {limits.period} of the plan {plan}"
    if limit.get("mitigationTimeout", 0) > limits.timeout:
        yield f"a mitigation timeout of {limit['mitigationTimeout']} is above the {limits.timeout} of the plan {plan}"
    if limit and plan == "free" and "http.host" in rule["expression"]:
        yield "http.host in a rate limit needs the plan pro"
