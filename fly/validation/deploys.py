"""How a release goes out: strategy, how many machines at once, times, and how many machines there are."""

from __future__ import annotations

import math
from collections.abc import Mapping

from fly.config import FlyConfig
from fly.config.deploy import machines_at_once
from fly.config.section import seconds
from fly.errors import Problem
from fly.validation.checks import check_count, longest_check_wait_seconds

LONGEST_KILL_SECONDS = 300
DEFAULT_WAIT_SECONDS = 300.0


def deploy_problems(path: str, config: FlyConfig, counts: Mapping[str, int]) -> list[Problem]:
    """`counts` is how many machines each region shall have."""
    strategy = config.deploy.strategy if config.deploy else None
    problems = _strategy_problems(path, config, strategy) + _share_problems(path, config, sum(counts.values()))
    wait = wait_seconds(config)
    needed = longest_check_wait_seconds(config)
    if wait < needed:
        rule = f"the slowest check needs {needed:g} s (grace period and two intervals)"
        problems.append(Problem(f"{path}.deploy.wait_timeout", f"{wait:g}s", rule, f'write "{math.ceil(needed)}s"'))
    if config.kill_timeout and seconds(config.kill_timeout) > LONGEST_KILL_SECONDS:
        rule = f"Fly.io waits {LONGEST_KILL_SECONDS} s at most"
        problems.append(Problem(f"{path}.kill_timeout", config.kill_timeout, rule, 'write "5m" or less'))
    return problems


def _strategy_problems(path: str, config: FlyConfig, strategy: str | None) -> list[Problem]:
    problems = []
    at = f"{path}.deploy.strategy"
    if strategy in ("canary", "bluegreen") and config.mounts:
        rule = "a volume belongs to one host, so machines with mounts are only replaced in place"
        problems.append(Problem(at, strategy, rule, 'write "rolling" or "immediate"'))
    if strategy == "bluegreen" and check_count(config) == 0:
        rule = "blue-green decides by health checks and there is none"
        problems.append(Problem(at, strategy, rule, "add a check, or another strategy"))
    return problems


def _share_problems(path: str, config: FlyConfig, machines: int) -> list[Problem]:
    share = config.deploy.max_unavailable if config.deploy else None
    at = f"{path}.deploy.max_unavailable"
    if share is None:
        return []
    if share <= 0 or (share > 1 and share != int(share)):
        return [Problem(at, share, "is neither a share below 1 nor a number of machines", "write 0.25 or 1")]
    if share < 1 and machines and math.ceil(machines * share) > machines_at_once(share, machines):
        taken = math.ceil(machines * share)
        rule = f"Fly.io rounds up: {taken} of {machines} machines, {taken / machines:.0%}, would be away at once"
        return [Problem(at, share, rule, f"write {machines_at_once(share, machines)}")]
    return []


def count_problems(path: str, config: FlyConfig, counts: Mapping[str, int], *, single: bool) -> list[Problem]:
    """Machines per region against automatic start, and against state that lives in a file on one volume."""
    problems = [
        Problem(f"{path}.{region}", count, "must be 0 or more", "write a whole number")
        for region, count in sorted(counts.items())
        if count < 0
    ]
    total = sum(counts.values())
    if single and total != 1:
        rule = "machines with their state in files on a volume would hold different data"
        problems.append(
            Problem(path, dict(counts), rule, "set one machine in one region, or move the state to a database")
        )
    if counts and config.primary_region not in counts:
        rule = f"the primary region {config.primary_region} has no machines"
        problems.append(Problem(path, sorted(counts), rule, f"add {config.primary_region}, or change primary_region"))
    services = [config.http_service, *(config.services or [])]
    least = max((service.min_machines_running or 0 for service in services if service), default=0)
    here = counts.get(config.primary_region, 0)
    if counts and least > here:
        rule = f"min_machines_running is {least}, and it counts the primary region {config.primary_region}"
        problems.append(Problem(f"{path}.{config.primary_region}", here, rule, f"write {least} or more"))
    return problems


def wait_seconds(config: FlyConfig) -> float:
    """How long flyctl waits for one machine to become healthy."""
    given = config.deploy.wait_timeout if config.deploy else None
    return seconds(given) if given else DEFAULT_WAIT_SECONDS
