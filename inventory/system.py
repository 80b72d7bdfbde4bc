"""A system of a stack, as a thing that rules can be about."""

from __future__ import annotations

from dataclasses import dataclass

from inventory.item import Item


@dataclass(frozen=True, kw_only=True)
class System(Item):
    """One system. What belongs to it has its name as `system`."""
