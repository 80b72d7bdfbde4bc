"""How many rules of each sort a zone's plan allows, over all systems of the stack that share the zone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Final

from settings.edge_plan import PLANS, Plan, PlanName, least
from settings.problem import Broken, Path

if TYPE_CHECKING:
    from settings.edge import Edge

Limit = Callable[[Plan], int]

_SORTS: Final[dict[str, tuple[str, Limit]]] = {
    "cache": ("cache rules", lambda plan: min(plan.cache_rules, plan.response_rules)),
    "firewall": ("firewall rules", lambda plan: plan.custom_rules),
    "headers": ("sets of headers", lambda plan: plan.transform_rules),
    "rate_limits": ("rate limits", lambda plan: plan.rate_limits),
}


def broken_zones(edges: Mapping[str, Edge]) -> Iterator[tuple[str, Broken]]:
    """What the systems that share a zone disagree about or have too much of, as (system, broken rule of its edge)."""
    for name, edge in edges.items():
        for other in edges:
            if other == name:
                break
            if edges[other].zone == edge.zone:
                yield from _between(other, edges[other], name, edge)
                break
    for zone in dict.fromkeys(edge.zone for edge in edges.values()):
        shared = {name: edge for name, edge in edges.items() if edge.zone == zone and edge.mode == "cloudflare"}
        yield from _too_many(zone, shared)


def _between(first: str, one: Edge, second: str, other: Edge) -> Iterator[tuple[str, Broken]]:
    if one.plan != other.plan:
        yield (
            second,
            Broken(
                ("plan",),
                f"{other.zone} is on the plan {other.plan} here and on {one.plan} in {first}",
                "a zone has one plan: correct one of them",
            ),
        )
    if one.zone_settings and other.zone_settings:
        yield (
            second,
            Broken(("zone_settings",), f"{first} settles the zone {other.zone} already", "remove it from one of them"),
        )


def _too_many(zone: str, edges: Mapping[str, Edge]) -> Iterator[tuple[str, Broken]]:
    for section, (title, limit) in _SORTS.items():
        counts = {name: _rules(edge, section) for name, edge in edges.items()}
        total = sum(counts.values())
        largest = max(counts, key=lambda name: counts[name], default="")
        if largest and total > (most := limit(PLANS[edges[largest].plan])):
            needs = _that_allows(limit, total)
            price = f" ({PLANS[needs].price})" if needs else ""
            path: Path = (section,)
            yield (
                largest,
                Broken(
                    path,
                    f"{zone} has {total} {title}, more than the {most} of the plan {edges[largest].plan}",
                    f"join some, or take the plan {needs}{price}" if needs else "join some",
                ),
            )


def _rules(edge: Edge, section: str) -> int:
    """The rules that a section becomes: all headers of a system are one."""
    entries = len(getattr(edge, section))
    return min(entries, 1) if section == "headers" else entries


def _that_allows(limit: Limit, total: int) -> PlanName | None:
    return least(lambda plan: limit(plan) >= total)
