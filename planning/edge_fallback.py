"""Puts the nearest thing that a plan has in the place of what it does not have, and says so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from settings.edge import Edge
from settings.edge_gaps import Gap, gaps, scaled
from settings.edge_plan import PLANS
from settings.problem import dotted


@dataclass(frozen=True)
class Fallback:
    """One wish that the plan does not have, and what is done in its place."""

    system: str
    path: str
    wish: str
    instead: str

    def __str__(self) -> str:
        return f"{self.system}: edge.{self.path}: {self.wish}; done instead: {self.instead}"


def effective(system: str, edge: Edge) -> tuple[Edge, tuple[Fallback, ...]]:
    """The edge as its plan can have it, and every fallback that this took."""
    done: list[Fallback] = []
    # A limit that is shortened may still block for too long, so what comes out is looked at again.
    while found := [gap for gap in gaps(edge) if gap.instead]:
        for gap in found:
            edge = _without(edge, gap)
            done.append(Fallback(system, dotted(gap.path), gap.rule, str(gap.instead)))
    return edge, tuple(done)


def _without(edge: Edge, gap: Gap) -> Edge:
    plan = PLANS[edge.plan]
    match gap.path:
        case ("cache", str(name), "edge"):
            rule = edge.cache[name].model_copy(update={"through": "response_rule"})
            return edge.model_copy(update={"cache": {**edge.cache, name: rule}})
        case ("rate_limits", str(name), key):
            limit = edge.rate_limits[name]
            period, block = timedelta(seconds=plan.rate_limit_period), timedelta(seconds=plan.rate_limit_timeout)
            changes: dict[str, Any] = {"block": min(block, timedelta(seconds=limit.block_seconds))}
            if key == "period":
                changes |= {"period": period, "requests": scaled(limit, plan.rate_limit_period)}
            return edge.model_copy(update={"rate_limits": {**edge.rate_limits, name: limit.model_copy(update=changes)}})
        case ("zone_settings", *keys) if edge.zone_settings:
            zone = edge.zone_settings
            managed = zone.managed.model_copy(update={"owasp": None}) if zone.managed else None
            updates: dict[str, dict[str, Any]] = {
                "polish": {"polish": "off", "webp": False},
                "health_check": {"health_check": None},
                "tiered_cache": {"tiered_cache": "smart"},
                "managed": {"managed": managed},
            }
            changed = zone.model_copy(update=updates[str(keys[0])])
            return edge.model_copy(update={"zone_settings": changed})
    raise LookupError(f"no fallback is known for edge.{dotted(gap.path)}")
