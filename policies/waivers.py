"""What a stack file says about policies that do not exist, or about things that it does not have."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from inventory.stack import Inventory
from policies.names import policy_names
from settings.policies import Policies
from settings.problem import Path, did_you_mean, dotted

ABOUT_CHANGES: Final = frozenset({"data-kept"})
"""Rules about what a preview takes away, which the settings may not have any more."""


@dataclass(frozen=True)
class Doubt:
    """One thing to mend under `slipway:policies`."""

    path: Path
    rule: str
    way_out: str

    @property
    def where(self) -> str:
        """The path as people read it."""
        return dotted(self.path)


def doubts(policies: Policies, inventory: Inventory) -> Iterator[Doubt]:
    """Levels and waivers of policies that there are not, and waivers for what the stack does not have."""
    known = policy_names()
    for name in policies.levels:
        if name not in known:
            yield Doubt(("levels", name), f"{name} is no policy", did_you_mean(name, known))
    things = {inventory.stack, *inventory.systems, *(item.name for item in inventory.items)}
    for index, waiver in enumerate(policies.waivers):
        if waiver.rule not in known:
            yield Doubt(("waivers", index, "rule"), f"{waiver.rule} is no policy", did_you_mean(waiver.rule, known))
        if waiver.resource not in things and waiver.rule not in ABOUT_CHANGES:
            rule = f"the stack {inventory.stack} has no {waiver.resource} that a finding could be about"
            yield Doubt(("waivers", index, "resource"), rule, did_you_mean(waiver.resource, things))
