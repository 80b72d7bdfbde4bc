"""What rules look at: the inventory, and what stands around it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from inventory.stack import Inventory
from planning.naming import PLAIN_ENVIRONMENT
from policies.change import Change
from policies.drill import Drill
from settings.policies import Policies


@dataclass(frozen=True, kw_only=True)
class Circumstances:
    """Everything that a rule may know. Nothing else decides: no clock, no file, no network."""

    inventory: Inventory
    today: date
    policies: Policies = field(default_factory=Policies)
    """What the stack file says about policies."""
    monthly_usd: float | None = None
    """What the stack costs a month at the most; None where nobody has computed it."""
    drills: tuple[Drill, ...] | None = None
    """The backup drills on record; None where this is no place that keeps records."""
    changes: tuple[Change, ...] = ()
    """What a preview would do; empty where there is no preview."""

    @property
    def production(self) -> bool:
        """Whether the stack is the production environment."""
        return self.inventory.environment == PLAIN_ENVIRONMENT
