"""Waivers that are good for something."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from inventory.stack import Inventory
from policies.circumstances import Circumstances
from policies.rule import Rule
from policies.sample import Samples, sample
from policies.samples.fly import fly_app
from policies.waivers import doubts
from settings.policies import Policies, Waiver


def broken(inventory: Inventory, stack: Circumstances) -> Iterator[str]:
    for doubt in doubts(stack.policies, inventory):
        yield f"slipway:policies.{doubt.where}: {doubt.rule}"
    for waiver in stack.policies.waivers:
        if waiver.last_day < stack.today:
            yield f"the waiver of {waiver.rule} for {waiver.resource} ended on {waiver.expires}"


def _waiver(expires: str = "2026-11-22", rule: str = "two-machines", resource: str = "shop-release") -> Policies:
    return Policies(waivers=(Waiver(rule=rule, resource=resource, reason="a sample", expires=expires),))


RULE = Rule(
    name="waivers-hold",
    about=Inventory,
    title="Each waiver is about a policy and a thing that exist, and has not ended.",
    why="A waiver is a promise to mend something by a day. One that nobody ends hides the next finding, too.",
    source="docs/policies.md, on waivers",
    remedy="mend what was waived and remove the waiver, or agree on a later day",
    production="mandatory",
    elsewhere="mandatory",
    broken=broken,
    samples=lambda: Samples(
        passes=(
            replace(sample(fly_app()), policies=_waiver()),
            replace(sample(fly_app()), policies=_waiver(rule="data-kept", resource="shop-volume")),
            sample(fly_app()),
        ),
        fails=(
            replace(sample(fly_app()), policies=_waiver("2026-11-21")),
            replace(sample(fly_app()), policies=_waiver(rule="two-machine")),
            replace(sample(fly_app()), policies=_waiver(resource="shop-app")),
            replace(sample(fly_app()), policies=Policies(levels={"two-machine": "off"})),
        ),
        unknown=(),
    ),
)
