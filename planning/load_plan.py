"""A system's load test in numbers: when which rate, who asks for what, and what must come of it. Draws no lots."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import ceil
from typing import Final

from planning.thresholds import Threshold, thresholds
from settings.fly_system import FlySystem
from settings.load_test import LoadRequest, LoadSocket, LoadTest
from settings.system import System
from settings.thresholds import LoadTarget

_JUDGED_ALERTS: Final = frozenset({"errors", "cache hits"})
"""What an alert says about every day, a load test must keep to as well. Memory and pool are not seen from outside."""


@dataclass(frozen=True)
class Phase:
    """A stretch from `start` on, `seconds` long, in which the rate (requests a second) goes evenly from one to the
    other."""

    name: str
    start: float
    seconds: float
    begin: float
    end: float
    judged: bool

    @property
    def requests(self) -> int:
        """How many requests are due in it, rounded up."""
        return ceil(round((self.begin + self.end) / 2 * self.seconds, 6))


@dataclass(frozen=True)
class LoadPlan:
    """Everything that a load test is made of, but for the seed and the host."""

    system: str
    phases: tuple[Phase, ...]
    requests: Mapping[str, LoadRequest]
    think_seconds: float
    """The time between two requests of a user, so that the target's users make the target's requests."""
    timeout_seconds: float
    targets: tuple[Threshold, ...]
    socket: LoadSocket | None
    secret_headers: Mapping[str, str]
    """Request headers with the name of the secret that each carries, so that the edge lets the test through."""

    @property
    def seconds(self) -> float:
        """From the first phase's beginning to the last one's end."""
        last = self.phases[-1]
        return last.start + last.seconds

    @property
    def total(self) -> int:
        """How many requests are due."""
        return sum(phase.requests for phase in self.phases)

    @property
    def fastest(self) -> float:
        """The highest rate, in requests a second."""
        return max(max(phase.begin, phase.end) for phase in self.phases)

    def users(self, rate: float) -> int:
        """How many users it takes to send `rate` requests a second."""
        return max(1, ceil(round(rate * self.think_seconds, 6)))

    @property
    def mark(self) -> str:
        """The same for plans whose results may be compared."""
        asked = {name: [each.method, each.path, each.body, each.weight] for name, each in self.requests.items()}
        phases = [[phase.name, phase.seconds, phase.begin, phase.end, phase.judged] for phase in self.phases]
        whole = json.dumps([asked, phases, self.think_seconds], sort_keys=True)
        return hashlib.sha256(whole.encode()).hexdigest()[:12]

    def within(self, seconds: float) -> LoadPlan:
        """The same rates in so much less time, for a rehearsal. Never longer than it is."""
        share = min(1.0, seconds / self.seconds)
        phases = tuple(replace(each, start=each.start * share, seconds=each.seconds * share) for each in self.phases)
        return replace(self, phases=phases)


def load_plan(name: str, system: System) -> LoadPlan | None:
    """The load test of the system `name`; None where it has none."""
    test, monitoring = system.load_test, system.monitoring
    target = monitoring.thresholds.load if monitoring and monitoring.thresholds else None
    if test is None or target is None:
        return None
    listed = thresholds(system)
    targets = [each for each in listed if each.kind == "target"]
    own = {each.measure for each in targets}
    alerts = [each for each in listed if each.name in _JUDGED_ALERTS and each.measure not in own]
    return LoadPlan(
        system=name,
        phases=_phases(test, target),
        requests=test.requests,
        think_seconds=target.users / target.requests_per_second,
        timeout_seconds=test.timeout.total_seconds(),
        targets=(*alerts, *targets),
        socket=test.socket,
        secret_headers=_secret_headers(system),
    )


def own_hosts(system: System, app: str) -> tuple[str, ...]:
    """The host names under which the system itself answers; `app` is what the platform calls its app."""
    return (*system.host_names, *((f"{app}.fly.dev",) if isinstance(system, FlySystem) else ()))


def _phases(test: LoadTest, target: LoadTarget) -> tuple[Phase, ...]:
    found: list[Phase] = []
    start = 0.0
    for each in test.phases:
        seconds = each.duration.total_seconds()
        begin, end = (percent * target.requests_per_second / 100 for percent in (each.begin, each.percent))
        found.append(Phase(each.name, start, seconds, begin, end, each.judged))
        start += seconds
    return tuple(found)


def _secret_headers(system: System) -> dict[str, str]:
    """Those of every rule of the edge that lets who shows a secret pass the rate limits."""
    rules = system.edge.firewall.values() if system.edge else ()
    skips = (rule for rule in rules if rule.action == "skip" and "rate_limits" in rule.skips)
    return {header: secret for rule in skips for header, secret in rule.when.secret_headers.items()}
