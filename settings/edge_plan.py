"""Cloudflare's plans: what each has and costs.

Source: Cloudflare docs, plans/index.json, waf/rate-limiting-rules (availability by plan), cache/how-to/cache-rules and
cache-response-rules, dns/manage-dns-records; prices from Cloudflare's billing pages; all read 2026-08.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from edge.fields import PLAN_NAMES, PlanName, at_least

__all__ = ["ARGO_USD", "PERIODS", "PLANS", "Plan", "PlanName", "at_least", "least"]


@dataclass(frozen=True)
class Plan:
    """One plan. Times in seconds, `usd` a month and zone when paid monthly (None: by contract)."""

    usd: int | None
    edge_ttl_minimum: int
    cache_rules: int
    response_rules: int
    transform_rules: int
    custom_rules: int
    rate_limits: int
    rate_limit_period: int
    rate_limit_timeout: int
    managed_waf: bool
    polish: bool
    health_checks: int
    dns_ttl_minimum: int
    tiered_generic: bool

    @property
    def price(self) -> str:
        return "a price by contract" if self.usd is None else f"USD {self.usd} a month, 2026-08"


PLANS: Final[dict[PlanName, Plan]] = {
    "free": Plan(0, 7200, 10, 10, 10, 5, 1, 10, 10, False, False, 0, 60, False),
    "pro": Plan(25, 3600, 25, 25, 25, 20, 2, 60, 3600, True, True, 10, 60, False),
    "business": Plan(250, 1, 50, 50, 50, 100, 5, 600, 86_400, True, True, 50, 60, False),
    "enterprise": Plan(None, 1, 300, 300, 300, 1000, 100, 65_535, 86_400, True, True, 1000, 30, True),
}

PERIODS: Final = (
    10, 15, 20, 30, 40, 45, 60, 90, 120, 180, 240, 300, 480, 600, 900, 1200, 1800, 2400, 3600, 65_535, 86_400,
)  # fmt: skip
"""The periods that a rate limit can count over, in seconds, on any plan."""

ARGO_USD: Final = "USD 5 a month and zone, and 0.10 a GB after the first (2026-08)"
"""What the Argo subscription costs, on every plan."""


def least(has: Callable[[Plan], bool]) -> PlanName | None:
    """The smallest plan that has something, None where no plan does."""
    return next((name for name in PLAN_NAMES if has(PLANS[name])), None)
