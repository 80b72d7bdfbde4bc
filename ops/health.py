"""Asks what runs in the emulated clouds for its health, over real HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import urllib3

from ops.errors import OperationError
from ops.exit_code import ExitCode
from ops.sandbox import Clients
from planning.app import app_name as fly_name
from planning.app_platform import app_name as app_platform_name
from settings.fly_system import FlySystem
from settings.stack import Stack

_TIMEOUT_SECONDS = 5.0


class Target(NamedTuple):
    """A replica or machine to ask."""

    app: str
    instance: str
    url: str


@dataclass(frozen=True)
class Reply:
    """One instance's answer."""

    target: Target
    status: int

    def __str__(self) -> str:
        return f"{self.target.app}: {self.target.instance} {self.target.url} → {self.status}"


def answers(stack: Stack, clients: Clients) -> Iterator[Reply]:
    """One reply a running instance of each app. Raises OperationError naming all that are not well."""
    http = urllib3.PoolManager(retries=False, timeout=_TIMEOUT_SECONDS)
    ill: list[str] = []
    for app, targets in _targets(stack, clients).items():
        if not targets:
            ill.append(f"{app}: nothing runs")
        for target in targets:
            try:
                status = http.request("GET", target.url).status
            except urllib3.exceptions.HTTPError as error:
                ill.append(f"{app}: {target.instance} does not answer at {target.url}: {error}")
                continue
            if status != 200:
                ill.append(f"{app}: {target.instance} answers {status} at {target.url}")
            yield Reply(target, status)
    if ill:
        raise OperationError("not everything is well:\n" + "\n".join(ill), ExitCode.UNVERIFIED)


def _targets(stack: Stack, clients: Clients) -> dict[str, list[Target]]:
    """By app of the stack, the instances that should be well."""
    deployed = {app["name"]: app for app in clients.control.status()["apps"]}
    found: dict[str, list[Target]] = {}
    for system in stack.systems.values():
        if isinstance(system, FlySystem):
            name = fly_name(system.app, stack.environment)
            instances = [
                (entry["id"], entry["url"], entry["state"] == "started") for entry in clients.fly.app(name)["machines"]
            ]
        else:
            name = app_platform_name(system, stack.environment)
            instances = [(entry["id"], entry["url"], True) for entry in deployed.get(name, {}).get("instances", ())]
        found[name] = [Target(name, id_, f"{url}{system.health_path}") for id_, url, runs in instances if runs]
    return found
