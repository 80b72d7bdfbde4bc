"""Health checks whose times cannot work."""

from __future__ import annotations

from collections.abc import Sequence

from fly.config import FlyConfig
from fly.config.checks import HttpCheck, TcpCheck, TopLevelCheck
from fly.config.section import seconds
from fly.errors import Problem

# flyctl internal/appconfig/validation.go: times of service checks outside 1 s to 1 min are silently clamped
SHORTEST_SECONDS, LONGEST_SECONDS = 1, 60
SHORTEST_TOP_LEVEL_INTERVAL_SECONDS = 2
DEFAULT_INTERVAL_SECONDS, DEFAULT_TIMEOUT_SECONDS = 10, 2


def check_problems(path: str, config: FlyConfig) -> list[Problem]:
    """All checks of a fly.toml."""
    problems = []
    for name, check in sorted((config.checks or {}).items()):
        problems += _top_level_problems(f"{path}.checks.{name}", check)
    for at, checks in _service_checks(config):
        for index, service_check in enumerate(checks):
            problems += _service_check_problems(f"{path}.{at}[{index}]", service_check)
    return problems


def _service_checks(config: FlyConfig) -> list[tuple[str, Sequence[HttpCheck | TcpCheck]]]:
    found: list[tuple[str, Sequence[HttpCheck | TcpCheck]]] = []
    if config.http_service:
        found.append(("http_service.checks", config.http_service.checks or []))
    for index, service in enumerate(config.services or []):
        found.append((f"services[{index}].http_checks", service.http_checks or []))
        found.append((f"services[{index}].tcp_checks", service.tcp_checks or []))
    return found


def _service_check_problems(path: str, check: HttpCheck | TcpCheck) -> list[Problem]:
    problems = _order_problems(path, check)
    for key in ("interval", "timeout", "grace_period"):
        value = getattr(check, key)
        lowest = 0 if key == "grace_period" else SHORTEST_SECONDS
        if value is not None and not lowest <= seconds(value) <= LONGEST_SECONDS:
            rule = f"Fly.io silently clamps this to {lowest} s to {LONGEST_SECONDS} s"
            problems.append(Problem(f"{path}.{key}", value, rule, "write a time in that range"))
    if isinstance(check, HttpCheck) and not check.path:
        rule = "an HTTP check needs a path"
        problems.append(Problem(f"{path}.path", check.path, rule, 'write path = "/health"'))
    return problems


def _top_level_problems(path: str, check: TopLevelCheck) -> list[Problem]:
    problems = _order_problems(path, check)
    if check.interval and seconds(check.interval) < SHORTEST_TOP_LEVEL_INTERVAL_SECONDS:
        rule = f"the shortest interval is {SHORTEST_TOP_LEVEL_INTERVAL_SECONDS} s"
        problems.append(Problem(f"{path}.interval", check.interval, rule, 'write "2s" or more'))
    if check.timeout and seconds(check.timeout) > LONGEST_SECONDS:
        rule = f"the longest time-out is {LONGEST_SECONDS} s"
        problems.append(Problem(f"{path}.timeout", check.timeout, rule, 'write "60s" or less'))
    if check.type == "http" and not check.path:
        rule = "an HTTP check needs a path"
        problems.append(Problem(f"{path}.path", check.path, rule, 'write path = "/health", or type = "tcp"'))
    return problems


def _order_problems(path: str, check: HttpCheck | TcpCheck) -> list[Problem]:
    interval = seconds(check.interval) if check.interval else DEFAULT_INTERVAL_SECONDS
    timeout = seconds(check.timeout) if check.timeout else DEFAULT_TIMEOUT_SECONDS
    if timeout < interval:
        return []
    rule = f"a check must give up before the next one starts, {interval:g} s later"
    return [Problem(f"{path}.timeout", check.timeout, rule, "make the interval longer or the time-out shorter")]


def check_count(config: FlyConfig) -> int:
    """How many checks decide over a release."""
    return len(config.checks or {}) + sum(len(checks) for _, checks in _service_checks(config))


def longest_check_wait_seconds(config: FlyConfig) -> float:
    """When the slowest check can first be certain: its grace period and two intervals."""
    all_checks: list[HttpCheck | TcpCheck] = [*(config.checks or {}).values()]
    for _, checks in _service_checks(config):
        all_checks += checks
    waits = [
        (seconds(c.grace_period) if c.grace_period else 0)
        + 2 * (seconds(c.interval) if c.interval else DEFAULT_INTERVAL_SECONDS)
        for c in all_checks
    ]
    return max(waits, default=0)
