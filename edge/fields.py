"""The fields and functions of Cloudflare's rule language that may stand in an expression, and the plan each needs.

Source: Cloudflare docs, ruleset-engine/rules-language/fields/reference and functions, and waf/rate-limiting-rules
(fields by plan), read 2026-08. A subset: what is left out is refused as unknown.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

PlanName = Literal["free", "pro", "business", "enterprise"]
PLAN_NAMES: Final[tuple[PlanName, ...]] = ("free", "pro", "business", "enterprise")
"""Cloudflare's plans, the smallest first."""

Kind = Literal["text", "number", "bool", "address", "list", "map"]


@dataclass(frozen=True)
class Known:
    """A field: its type, the smallest plan that has it, whether it exists only once the origin has answered.

    `in_limits` is the smallest plan on which it may stand in a rate limit.
    """

    kind: Kind
    plan: PlanName = "free"
    of_response: bool = False
    in_limits: PlanName = "enterprise"


FIELDS: Final[dict[str, Known]] = {
    "cf.bot_management.verified_bot": Known("bool", "enterprise"),
    "cf.client.bot": Known("bool", in_limits="free"),
    "cf.threat_score": Known("number"),
    "cf.waf.score": Known("number", "enterprise"),
    "cf.waf.score.class": Known("text", "business"),
    "cf.waf.score.sqli": Known("number", "enterprise"),
    "cf.waf.score.xss": Known("number", "enterprise"),
    "http.cookie": Known("text"),
    "http.host": Known("text", in_limits="pro"),
    "http.referer": Known("text"),
    "http.request.body.raw": Known("text", "enterprise"),
    "http.request.body.size": Known("number", "enterprise"),
    "http.request.cookies": Known("map", "pro"),
    "http.request.full_uri": Known("text", in_limits="pro"),
    "http.request.headers": Known("map"),
    "http.request.method": Known("text", in_limits="business"),
    "http.request.uri": Known("text", in_limits="pro"),
    "http.request.uri.args": Known("map"),
    "http.request.uri.path": Known("text", in_limits="free"),
    "http.request.uri.path.extension": Known("text", in_limits="free"),
    "http.request.uri.query": Known("text", in_limits="pro"),
    "http.request.version": Known("text"),
    "http.response.code": Known("number", of_response=True),
    "http.response.headers": Known("map", of_response=True),
    "http.user_agent": Known("text", in_limits="business"),
    "http.x_forwarded_for": Known("text"),
    "ip.src": Known("address", in_limits="business"),
    "ip.src.asnum": Known("number"),
    "ip.src.continent": Known("text"),
    "ip.src.country": Known("text"),
    "ssl": Known("bool"),
}

FUNCTIONS: Final[dict[str, tuple[int, int]]] = {
    "all": (1, 1),
    "any": (1, 1),
    "concat": (2, 16),
    "ends_with": (2, 2),
    "len": (1, 1),
    "lower": (1, 1),
    "remove_bytes": (2, 2),
    "starts_with": (2, 2),
    "substring": (2, 3),
    "upper": (1, 1),
    "url_decode": (1, 2),
}
"""The functions with the fewest and the most arguments each takes."""


def at_least(plan: PlanName, wanted: PlanName) -> bool:
    """Whether `plan` has what `wanted` has."""
    return PLAN_NAMES.index(plan) >= PLAN_NAMES.index(wanted)
