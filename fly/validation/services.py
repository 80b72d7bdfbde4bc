"""Services: concurrency, automatic stop and start, and ports that nobody listens on."""

from __future__ import annotations

from fly.config import FlyConfig
from fly.config.services import HttpService, Service
from fly.errors import Problem
from fly.validation.places import memory_mb

SUSPEND_MEMORY_MB = 2048  # fly.io/docs/reference/suspend-resume, 2026-08


def service_problems(path: str, config: FlyConfig) -> list[Problem]:
    """All services of a fly.toml."""
    problems = []
    if config.http_service:
        problems += _one(f"{path}.http_service", config.http_service, config)
    for index, service in enumerate(config.services or []):
        at = f"{path}.services[{index}]"
        problems += _one(at, service, config)
        if not service.ports:
            problems.append(Problem(f"{at}.ports", None, "a service needs a public port", "add ports = [{port = 443}]"))
    return problems


def _one(path: str, service: HttpService | Service, config: FlyConfig) -> list[Problem]:
    problems = _concurrency_problems(path, service) + _auto_stop_problems(path, service, config)
    port = (config.env or {}).get("PORT")
    if port is not None and port != str(service.internal_port) and not service.processes:
        rule = f"the app is told to listen on env PORT={port}"
        problems.append(Problem(f"{path}.internal_port", service.internal_port, rule, "use the same port in both"))
    for name in service.processes or []:
        if name not in config.groups():
            rule = f"the process groups are {', '.join(config.groups())}"
            problems.append(Problem(f"{path}.processes", name, rule, "name one of them"))
    if config.processes and not service.processes:
        rule = "with [processes] every service says which groups it belongs to"
        problems.append(Problem(f"{path}.processes", None, rule, f"add processes = {config.groups()[:1]}"))
    return problems


def _concurrency_problems(path: str, service: HttpService | Service) -> list[Problem]:
    limits = service.concurrency
    if not limits or not limits.soft_limit or not limits.hard_limit or limits.hard_limit >= limits.soft_limit:
        return []
    rule = f"the hard limit must not be below the soft limit {limits.soft_limit}"
    return [Problem(f"{path}.concurrency.hard_limit", limits.hard_limit, rule, "raise it or lower the soft limit")]


def _auto_stop_problems(path: str, service: HttpService | Service, config: FlyConfig) -> list[Problem]:
    problems = []
    stops = service.auto_stop_machines in ("stop", "suspend")
    if stops and service.auto_start_machines is False:
        rule = "machines that stop by themselves would never start again"
        problems.append(Problem(f"{path}.auto_start_machines", False, rule, "set it true, or auto_stop_machines off"))
    if service.auto_stop_machines == "suspend":
        memory = max(memory_mb(config.vm, group) for group in config.groups())
        if memory > SUSPEND_MEMORY_MB or config.swap_size_mb:
            rule = f"suspend works up to {SUSPEND_MEMORY_MB} MB of memory and without swap"
            problems.append(Problem(f"{path}.auto_stop_machines", "suspend", rule, 'write "stop"'))
    return problems
