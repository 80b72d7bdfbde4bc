"""Programs at Cloudflare's edge."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from inventory.item import Item
from inventory.unknown import Unknown


@dataclass(frozen=True, kw_only=True)
class Worker(Item):
    """A Worker with its routes."""

    script: str | Unknown
    """The name that Cloudflare knows it by."""
    variables: Mapping[str, str | Unknown] | Unknown = field(default_factory=dict)
    """Plain variables."""
    secrets: frozenset[str] | Unknown = frozenset()
    """The names of its secret variables."""
    compatibility_date: str | Unknown | None = None
    cpu_ms: int | Unknown | None = None
    """The most computing time of a request; a limit that only the paid plan has."""
    routes: tuple[str | Unknown, ...] = ()
