"""A zone at Cloudflare: its settings, its rules, its alerts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from inventory.item import Item
from inventory.unknown import Unknown, known


@dataclass(frozen=True, kw_only=True)
class ZoneRule:
    """One rule of a ruleset of the zone."""

    ref: str | Unknown
    phase: str
    """Such as `http_ratelimit`."""
    action: str | Unknown
    expression: str | Unknown
    """UNKNOWN too where it holds a secret."""
    enabled: bool | Unknown = True
    parameters: Mapping[str, Any] | Unknown = field(default_factory=dict)
    """`actionParameters` with the API's own keys in camelCase; may hold UNKNOWN anywhere."""
    ratelimit: Mapping[str, Any] | Unknown | None = None
    """`ratelimit` with the API's own keys in camelCase."""


@dataclass(frozen=True, kw_only=True)
class ZoneHealthCheck(Item):
    """Cloudflare asks an origin."""

    address: str | Unknown
    kind: str | Unknown
    path: str | Unknown | None = None


@dataclass(frozen=True, kw_only=True)
class ZoneAlert(Item):
    """A notification of Cloudflare's."""

    kind: str | Unknown
    enabled: bool | Unknown = True
    told: bool | Unknown = False
    """Whether somebody is told."""


@dataclass(frozen=True, kw_only=True)
class Zone(Item):
    """A zone as a whole. `name` is its component's, such as `tetrixcorp-com`."""

    zone: str
    """Its domain."""
    plan: str | Unknown
    """`free`, `pro`, `business` or `enterprise`."""
    created: bool = False
    """Whether this stack creates it."""
    systems: tuple[str, ...] = ()
    """The systems of the stack that stand behind its proxy."""
    hosts: tuple[str, ...] = ()
    """Their domains."""
    settings: Mapping[str, Any] = field(default_factory=dict)
    """Zone settings by their id at Cloudflare, such as `min_tls_version`."""
    rules: tuple[ZoneRule, ...] | Unknown = ()
    argo: bool | Unknown = False
    """Argo Smart Routing."""
    tiered_cache: bool | Unknown = False
    health_checks: tuple[ZoneHealthCheck, ...] = ()
    alerts: tuple[ZoneAlert, ...] = ()

    def of_phase(self, phase: str) -> tuple[ZoneRule, ...]:
        """The rules of a phase, in their order. Raises UnknownValueError."""
        return tuple(rule for rule in known(self.rules) if rule.phase == phase)
