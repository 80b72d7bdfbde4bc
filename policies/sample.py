"""Samples of stacks, by which each rule shows what it lets pass, what it finds, and what it cannot decide."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from inventory.from_resources import from_resources
from inventory.resource import Resource
from inventory.stack import Inventory
from planning.naming import PLAIN_ENVIRONMENT
from policies.change import Change
from policies.circumstances import Circumstances
from policies.drill import Drill
from settings.policies import Policies

STACK: Final = "sample"
TODAY: Final = date(2026, 11, 22)


@dataclass(frozen=True)
class Sample:
    """A stack of a few resources, and what stands around it."""

    resources: tuple[Resource, ...]
    environment: str = PLAIN_ENVIRONMENT
    policies: Policies = field(default_factory=Policies)
    monthly_usd: float | None = None
    drills: tuple[Drill, ...] | None = None
    changes: tuple[Change, ...] = ()

    @property
    def inventory(self) -> Inventory:
        """What its resources are."""
        return from_resources(STACK, self.environment, self.resources)

    def circumstances(self, inventory: Inventory | None = None) -> Circumstances:
        """What rules look at. `inventory` stands in for its own where an engine has told what there is."""
        return Circumstances(
            inventory=inventory or self.inventory,
            today=TODAY,
            policies=self.policies,
            monthly_usd=self.monthly_usd,
            drills=self.drills,
            changes=self.changes,
        )

    def elsewhere(self) -> Sample:
        """The same in an environment that is not production."""
        return replace(self, environment="staging")


@dataclass(frozen=True)
class Samples:
    """At least one of each kind. The first ones also go through the engine; further ones are at the boundaries."""

    passes: tuple[Sample, ...]
    fails: tuple[Sample, ...]
    unknown: tuple[Sample, ...]


def sample(*parts: Iterable[Resource]) -> Sample:
    """A production stack of the parts."""
    return Sample(tuple(resource for part in parts for resource in part))
