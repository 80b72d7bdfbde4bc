"""Certificates that somebody watches."""

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
    secure = [check for check in checks if known(check.kind) == "https"]
    if secure and not any(known(alert.kind) == "ssl_expiry" for check in secure for alert in check.alerts):
        yield "nobody is told before its certificate ends"


RULE = Rule(
    name="certificate-watched",
    about=System,
    title="Somebody is told before a certificate ends.",
    why="Certificates are renewed by themselves until the day they are not, and then every visitor sees a warning.",
    source="DigitalOcean docs, monitoring/how-to/manage-uptime-checks, read 2026-08",
    remedy="leave the certificate alert of monitoring in place",
    production="mandatory",
    elsewhere="advisory",
    broken=broken,
    samples=lambda: Samples(
        passes=(
            sample(uptime_check()),
            sample(fly_app()),
            sample(uptime_check(type="http", alerts=())),
        ),
        fails=(
            sample(uptime_check(alerts=()), uptime_check(system="other")),
            sample(uptime_check(alerts=("down_global",))),
        ),
        unknown=(sample(uptime_check(type=UNKNOWN, alerts=())),),
    ),
)
