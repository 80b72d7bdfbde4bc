"""How many rules of each sort a zone's plan allows, over all systems of the stack that share the zone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Final

from settings.edge_plan import PLANS, Plan, least
from settings.problem import Broken, Path

if TYPE_CHECKING:
    from settings.edge import Edge

_SORTS: Final = {
    "cache": ("cache_rules", "cache rules"),
    "firewall": ("custom_rules", "firewall rules"),
    "rate_limits": ("rate_limits", "rate limits"),
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
    for section, (limit, title) in _SORTS.items():
        counts = {name: len(getattr(edge, section)) for name, edge in edges.items()}
        total = sum(counts.values())
        largest = max(counts, key=lambda name: counts[name], default="")
        if largest and total > (most := getattr(PLANS[edges[largest].plan], limit)):
            needs = least(lambda plan, limit=limit, total=total: _allows(plan, limit, total))  # type: ignore[misc]
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


def _allows(plan: Plan, limit: str, total: int) -> bool:
    return int(getattr(plan, limit)) >= total
