"""Addresses of apps on Fly.io."""

from __future__ import annotations

from dataclasses import dataclass

from inventory.item import Item
from inventory.unknown import Unknown


@dataclass(frozen=True, kw_only=True)
class FlyAddress(Item):
    """An address of an app."""

    app: str | Unknown
    kind: str | Unknown
    """`v4` (dedicated), `shared_v4`, `v6` or `private_v6`."""
