"""No more than the budget."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from inventory.stack import Inventory
from inventory.unknown import UNKNOWN, known
from policies.circumstances import Circumstances
from policies.rule import Rule
from policies.sample import Samples, sample
from policies.samples.fly import fly_app
from settings.policies import Policies


def broken(inventory: Inventory, stack: Circumstances) -> Iterator[str]:
    budget = stack.policies.budget_usd
    if budget is None:
        return
    cost = known(UNKNOWN if stack.monthly_usd is None else stack.monthly_usd)
    if cost > budget:
        yield f"it can cost ${cost:,.2f} a month, more than its budget of ${budget:,}"


_STACK = replace(sample(fly_app()), policies=Policies(budget_usd=250))


RULE = Rule(
    name="within-budget",
    about=Inventory,
    title="The stack costs no more a month than its budget, all machines counted that may run.",
    why="A size that is too large is seen on the first bill otherwise, and a maximum that is too high on a bad one.",
    source="docs/configuration.md, on the budget of a stack",
    remedy="lower sizes or maxima, or raise budget_usd in slipway:policies",
    production="mandatory",
    elsewhere="mandatory",
    broken=broken,
    samples=lambda: Samples(
        passes=(
            replace(_STACK, monthly_usd=250.0),
            sample(fly_app()),
        ),
        fails=(replace(_STACK, monthly_usd=250.01),),
        unknown=(replace(_STACK, monthly_usd=None),),
    ),
)
