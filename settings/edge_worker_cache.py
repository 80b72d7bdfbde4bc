"""Cache rules before an app on App Platform: its forwarding Worker keeps the answers, and knows fewer conditions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from settings.edge import Edge
from settings.edge_match import Match
from settings.problem import Broken

KNOWN: Final = frozenset({"paths", "prefixes", "extensions", "methods", "hosts"})
"""The conditions that the forwarding Worker can decide, see workers/forward/worker.mjs."""


def broken_in_worker(edge: Edge) -> Iterator[Broken]:
    """What the forwarding Worker cannot do. Paths start at the system."""
    if edge.mode != "cloudflare":
        return
    for name, rule in edge.cache.items():
        if not rule.bypass and rule.through != "worker":
            yield Broken(
                ("edge", "cache", name, "through"),
                f"{rule.through} does not reach an app on App Platform: its Worker asks a host in DigitalOcean's zone",
                "set through: worker",
            )
        for condition in sorted(set(Match.model_fields) - KNOWN):
            if getattr(rule.when, condition):
                yield Broken(
                    ("edge", "cache", name, "when", condition),
                    f"the forwarding Worker does not know {condition}",
                    f"use {', '.join(sorted(KNOWN))}",
                )


def broken_without_worker(edge: Edge) -> Iterator[Broken]:
    """Rules that wait for a forwarding Worker where there is none. Paths start at the system."""
    for name, rule in edge.cache.items():
        if rule.through == "worker":
            yield Broken(
                ("edge", "cache", name, "through"),
                "only an app on App Platform has a forwarding Worker",
                "set through: cache_rule or response_rule",
            )
