"""Checks from outside and their alerts."""

from __future__ import annotations

from dataclasses import dataclass

from inventory.item import Item
from inventory.unknown import Unknown


@dataclass(frozen=True, kw_only=True)
class UptimeAlert(Item):
    """An alert of an uptime check."""

    kind: str | Unknown
    """`down_global`, `down`, `latency` or `ssl_expiry`."""
    period: str | Unknown | None = None
    threshold: float | Unknown | None = None
    """Milliseconds for latency, days for ssl_expiry."""
    told: bool | Unknown = False
    """Whether somebody is told."""


@dataclass(frozen=True, kw_only=True)
class UptimeCheck(Item):
    """A page that DigitalOcean asks from outside, again and again."""

    target: str | Unknown
    kind: str | Unknown
    """`https`, `http` or `ping`."""
    regions: tuple[str | Unknown, ...] | Unknown
    enabled: bool | Unknown = True
    alerts: tuple[UptimeAlert, ...] = ()
