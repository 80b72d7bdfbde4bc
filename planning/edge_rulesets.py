"""The rulesets of a zone: one entry point a phase, with the rules of every system of the stack that shares the zone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from edge.fields import PlanName
from planning.edge_cache import ordered, request_rules, response_rules
from planning.edge_expression import expression
from planning.edge_fallback import Fallback, effective
from planning.edge_firewall import custom_rules, limit_rules, managed_rules
from settings.digitalocean_system import DigitalOceanSystem
from settings.edge import Edge
from settings.edge_match import Match
from settings.edge_zone import ZoneSettings
from settings.stack import Stack

Rule = dict[str, Any]

PHASES: Final = (
    "http_request_firewall_custom",
    "http_ratelimit",
    "http_request_firewall_managed",
    "http_request_cache_settings",
    "http_response_cache_settings",
    "http_response_headers_transform",
)
"""The phases that this project uses, in the order in which a request meets them (Cloudflare docs, ruleset-engine/
reference/phases-list and waf/concepts, 2026-08)."""


@dataclass(frozen=True)
class Ruleset:
    """The entry point of one phase, with the rules in their order, each with a `ref` of its own."""

    phase: str
    rules: tuple[Rule, ...]


@dataclass(frozen=True)
class EdgeSystem:
    """One system behind Cloudflare's proxy, as its zone's plan can have it."""

    name: str
    edge: Edge
    forwarded: bool
    """Whether a Worker forwards its requests, as before App Platform."""

    @property
    def hosts(self) -> tuple[str, ...]:
        return tuple(domain.name for domain in self.edge.domains)


@dataclass(frozen=True)
class ZonePlan:
    """All that a stack has in one zone beside DNS records and Workers."""

    zone: str
    plan: PlanName
    settings: ZoneSettings | None
    systems: tuple[EdgeSystem, ...]
    rulesets: tuple[Ruleset, ...]
    fallbacks: tuple[Fallback, ...]


def zone_plans(stack: Stack) -> tuple[ZonePlan, ...]:
    """One for each zone in which a system of the stack stands behind Cloudflare's proxy, by name."""
    systems: dict[str, list[EdgeSystem]] = {}
    fallbacks: dict[str, list[Fallback]] = {}
    for name, system in sorted(stack.systems.items()):
        if system.edge is None or system.edge.mode != "cloudflare":
            continue
        edge, done = effective(name, system.edge)
        systems.setdefault(edge.zone, []).append(EdgeSystem(name, edge, isinstance(system, DigitalOceanSystem)))
        fallbacks.setdefault(edge.zone, []).extend(done)
    return tuple(_zone(zone, shared, fallbacks[zone]) for zone, shared in sorted(systems.items()))


def _zone(zone: str, systems: list[EdgeSystem], fallbacks: Iterable[Fallback]) -> ZonePlan:
    plan = systems[0].edge.plan
    settings = next((system.edge.zone_settings for system in systems if system.edge.zone_settings), None)
    phases: dict[str, list[Rule]] = {phase: [] for phase in PHASES}
    for system in systems:
        for phase, name, rule in _rules(system):
            phases[phase].append(_named(f"{system.name}_{name}", rule))
    if settings and settings.managed:
        phases["http_request_firewall_managed"] = [
            _named(f"zone_{name}", rule) for name, rule in managed_rules(settings.managed, plan)
        ]
    rulesets = tuple(Ruleset(phase, tuple(rules)) for phase, rules in phases.items() if rules)
    return ZonePlan(zone, plan, settings, tuple(systems), rulesets, tuple(fallbacks))


def _rules(system: EdgeSystem) -> Iterator[tuple[str, str, Rule]]:
    edge, hosts = system.edge, system.hosts
    parts: Mapping[str, Iterable[tuple[str, Rule]]] = {
        "http_request_firewall_custom": custom_rules(edge.firewall, hosts),
        "http_ratelimit": limit_rules(edge.rate_limits, hosts, edge.plan),
        "http_response_headers_transform": _header_rules(edge, hosts),
    }
    for phase, rules in parts.items():
        for name, rule in rules:
            yield phase, name, rule
    if not system.forwarded:
        cache = ordered(edge.cache)
        for name, rule in request_rules(cache, hosts):
            yield "http_request_cache_settings", name, rule
        for name, rule in response_rules(cache, hosts):
            yield "http_response_cache_settings", name, rule


def _header_rules(edge: Edge, hosts: tuple[str, ...]) -> Iterator[tuple[str, Rule]]:
    if edge.headers:
        changes = {
            name: {"operation": "remove"} if value is None else {"operation": "set", "value": value}
            for name, value in sorted(edge.headers.items())
        }
        yield (
            "headers",
            {
                "action": "rewrite",
                "expression": expression(Match(), hosts),
                "action_parameters": {"headers": changes},
            },
        )


def _named(ref: str, rule: Rule) -> Rule:
    return {"ref": ref, "description": ref.replace("_", ": ", 1), "enabled": True, **rule}
