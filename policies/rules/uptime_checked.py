"""Somebody asks from outside."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.system import System
from inventory.unknown import UNKNOWN, known
from policies.circumstances import Circumstances
from policies.rule import Rule
from policies.sample import Samples, sample
from policies.samples.digitalocean import uptime_check
from policies.samples.fly import fly_app


def broken(system: System, stack: Circumstances) -> Iterator[str]:
    checks = [check for check in stack.inventory.uptime_checks if check.system == system.name]
    if not any(known(check.enabled) for check in checks):
        yield "nobody asks it from outside whether it is up"


RULE = Rule(
    name="uptime-checked",
    about=System,
    title="Each system is asked from outside, again and again, whether it is up.",
    why="What runs inside a platform does not notice that the platform, the DNS or a certificate is the trouble.",
    source="DigitalOcean docs, uptime, read 2026-08",
    remedy="add a probe under monitoring.probes",
    production="mandatory",
    elsewhere="off",
    broken=broken,
    samples=lambda: Samples(
        passes=(sample(fly_app(), uptime_check()),),
        fails=(
            sample(fly_app()),
            sample(fly_app(), uptime_check(system="other")),
            sample(fly_app(), uptime_check(enabled=False)),
        ),
        unknown=(sample(fly_app(), uptime_check(enabled=UNKNOWN)),),
    ),
)
