"""What all things in an inventory share."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Item:
    """One thing of a stack that costs something, holds something, or lets somebody in."""

    name: str
    """The logical name of its main resource, such as `paintbox-release`."""
    system: str | None
    """The system that it belongs to; None for what belongs to a whole zone."""
    protected: bool = False
    """Whether Pulumi refuses to delete it."""
