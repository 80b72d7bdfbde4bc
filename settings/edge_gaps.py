"""What the settings of an edge wish for and its plan does not have; for each, the plan that has it and the way out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from edge.check import Lack, lacks
from settings.duration import show, whole_seconds
from settings.edge_match import Match
from settings.edge_plan import PERIODS, PLANS, Plan, PlanName, at_least, least
from settings.edge_rules import CacheRule, RateLimit
from settings.problem import Path

if TYPE_CHECKING:
    from settings.edge import Edge


@dataclass(frozen=True)
class Gap:
    """A wish beyond the plan. `instead` says what the same plan can do in its place; None where it can do nothing."""

    path: Path
    wish: str
    plan: PlanName
    needs: PlanName | None
    instead: str | None

    @property
    def rule(self) -> str:
        """What is wrong, with the plan that has it and its price."""
        if self.needs is None:
            return f"{self.wish}, which no plan has"
        return f"{self.wish}, which needs the plan {self.needs} ({PLANS[self.needs].price}), not {self.plan}"

    @property
    def way_out(self) -> str:
        return f"{self.instead}, or set on_plan_gap: fallback to have that done" if self.instead else "remove it"


def gaps(edge: Edge) -> Iterator[Gap]:
    """Every wish of one system's edge that its plan does not have."""
    plan = PLANS[edge.plan]
    for name, rule in edge.cache.items():
        yield from _cache_gaps(edge.plan, plan, ("cache", name), rule)
        yield from _match_gaps(edge.plan, ("cache", name, "when"), rule.when)
    for name, firewall in edge.firewall.items():
        yield from _match_gaps(edge.plan, ("firewall", name, "when"), firewall.when)
        if firewall.action == "log" and edge.plan != "enterprise":
            yield Gap(("firewall", name, "action"), "action: log", edge.plan, "enterprise", None)
    for name, limit in edge.rate_limits.items():
        yield from _limit_gaps(edge.plan, plan, ("rate_limits", name), limit)
    if edge.zone_settings:
        yield from _zone_gaps(edge, plan)


def _cache_gaps(name: PlanName, plan: Plan, path: Path, rule: CacheRule) -> Iterator[Gap]:
    if rule.edge is None or rule.through != "cache_rule":
        return
    seconds = whole_seconds(rule.edge)
    if seconds < plan.edge_ttl_minimum:
        yield Gap(
            (*path, "edge"),
            f"{show(rule.edge)} at the edge by a cache rule is less than the {plan.edge_ttl_minimum} s that {name} "
            "allows",
            name,
            least(lambda other: seconds >= other.edge_ttl_minimum),
            f"set through: response_rule, which writes s-maxage={seconds}",
        )


def _match_gaps(plan: PlanName, path: Path, match: Match, *, limit: bool = False) -> Iterator[Gap]:
    if match.expression:
        for lack in lacks(match.expression, plan, limit=limit):
            yield Gap((*path, "expression"), lack.what, plan, lack.needs, None)
    if limit:
        for name, lack in _typed_lacks(plan, match):
            yield Gap((*path, name), lack.what, plan, lack.needs, None)


def _typed_lacks(plan: PlanName, match: Match) -> Iterator[tuple[str, Lack]]:
    """The typed conditions that a rate limit of the plan does not know."""
    wanted: dict[str, PlanName] = {
        "hosts": "pro",
        "query_contains": "pro",
        "methods": "business",
        "countries": "enterprise",
        "not_countries": "enterprise",
        "headers": "enterprise",
        "secret_headers": "enterprise",
    }
    for name, needs in wanted.items():
        if getattr(match, name) and not at_least(plan, needs):
            yield name, Lack(f"{name} in a rate limit", needs)


def _limit_gaps(name: PlanName, plan: Plan, path: Path, limit: RateLimit) -> Iterator[Gap]:
    yield from _match_gaps(name, (*path, "when"), limit.when, limit=True)
    seconds = whole_seconds(limit.period)
    if seconds in PERIODS and seconds > plan.rate_limit_period:
        smaller = scaled(limit, plan.rate_limit_period)
        yield Gap(
            (*path, "period"),
            f"a rate limit over {show(limit.period)}",
            name,
            least(lambda other: seconds <= other.rate_limit_period),
            f"set requests: {smaller}, period: {plan.rate_limit_period}s",
        )
    elif limit.block_seconds > plan.rate_limit_timeout:
        yield Gap(
            (*path, "block"),
            f"refusing an address for {show(timedelta(seconds=limit.block_seconds))}",
            name,
            least(lambda other: limit.block_seconds <= other.rate_limit_timeout),
            f"set block: {plan.rate_limit_timeout}s",
        )


def scaled(limit: RateLimit, period: int) -> int:
    """The requests that a shorter period allows at the same rate, at least one: 50 in 60 s are 8 in 10 s."""
    return max(1, limit.requests * period // whole_seconds(limit.period))


def _zone_gaps(edge: Edge, plan: Plan) -> Iterator[Gap]:
    zone, name = edge.zone_settings, edge.plan
    if zone is None:
        return
    if zone.polish != "off" and not plan.polish:
        yield Gap(
            ("zone_settings", "polish"), "Polish", name, least(lambda other: other.polish), "remove polish and webp"
        )
    if zone.managed and zone.managed.owasp and not plan.managed_waf:
        yield Gap(
            ("zone_settings", "managed", "owasp"),
            "the OWASP Core Ruleset",
            name,
            least(lambda other: other.managed_waf),
            "remove owasp and keep custom firewall rules",
        )
    if zone.health_check and not plan.health_checks:
        yield Gap(
            ("zone_settings", "health_check"),
            "a health check by Cloudflare",
            name,
            least(lambda other: other.health_checks > 0),
            "remove it and use a probe (monitoring.probes)",
        )
    if zone.tiered_cache == "generic" and not plan.tiered_generic:
        yield Gap(
            ("zone_settings", "tiered_cache"),
            "the generic tiered cache",
            name,
            least(lambda other: other.tiered_generic),
            "set tiered_cache: smart",
        )
