"""Certificates of apps on Fly.io."""

from __future__ import annotations

from dataclasses import dataclass

from inventory.item import Item
from inventory.unknown import Unknown


@dataclass(frozen=True, kw_only=True)
class FlyCertificate(Item):
    """A certificate of an app."""

    app: str | Unknown
    host: str | Unknown
