"""Somebody is told."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from inventory.unknown import UNKNOWN, known
from inventory.uptime import UptimeCheck
from policies.circumstances import Circumstances
from policies.rule import Rule
from policies.sample import Samples, sample
from policies.samples.digitalocean import uptime_check

DOWN: Final = ("down", "down_global")


def broken(check: UptimeCheck, stack: Circumstances) -> Iterator[str]:
    alerts = [alert for alert in check.alerts if known(alert.kind) in DOWN]
    if not alerts:
        yield "no alert is raised when it is down"
    elif not any(known(alert.told) for alert in alerts):
        yield "nobody is told when it is down"


RULE = Rule(
    name="down-alert",
    about=UptimeCheck,
    title="Each uptime check has an alert for an outage, and somebody is told.",
    why="A check without an alert is a graph that nobody looks at in the night.",
    source="DigitalOcean docs, uptime/how-to/create-alerts, read 2026-08",
    remedy="name an e-mail address or a Slack channel under monitoring.notify",
    production="mandatory",
    elsewhere="advisory",
    broken=broken,
    samples=lambda: Samples(
        passes=(
            sample(uptime_check()),
            sample(uptime_check(alerts=["down"], notifications=[{"emails": ["ops@example.com"]}])),
        ),
        fails=(
            sample(uptime_check(alerts=["latency"])),
            sample(uptime_check(notifications=[])),
            sample(uptime_check(notifications=[{"emails": [], "slacks": []}])),
        ),
        unknown=(sample(uptime_check(notifications=UNKNOWN)),),
    ),
)
