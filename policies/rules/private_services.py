"""Services that only the apps beside them reach."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.fly_app import FlyApp
from inventory.unknown import UNKNOWN, known
from policies.circumstances import Circumstances
from policies.rule import Rule
from policies.sample import Samples, sample
from policies.samples.fly import fly_address, fly_app, fly_part


def broken(app: FlyApp, stack: Circumstances) -> Iterator[str]:
    if app.role == "app":
        return
    for address in stack.inventory.fly_addresses:
        if known(address.app) == known(app.app) and known(address.kind) != "private_v6":
            yield f"it has a public address ({address.kind})"


RULE = Rule(
    name="private-services",
    about=FlyApp,
    title="Redis, PgBouncer and the autoscaler have no public address.",
    why="What stands behind a password only is tried from everywhere, every day.",
    source="fly.io docs, networking/flycast, read 2026-08",
    remedy="remove the address: flyctl ips release",
    production="mandatory",
    elsewhere="mandatory",
    broken=broken,
    samples=lambda: Samples(
        passes=(
            sample(fly_part("Redis")),
            sample(fly_part("PgBouncer", addresses=("private_v6",))),
            sample(fly_app(), fly_address("v6"), fly_part("Redis")),
        ),
        fails=(
            sample(fly_part("Redis", addresses=("shared_v4",))),
            sample(fly_part("PgBouncer", addresses=("private_v6", "v6"))),
        ),
        unknown=(sample(fly_part("Redis", addresses=(UNKNOWN,))),),
    ),
)
