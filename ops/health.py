"""Asks what runs in the emulated cloud for its health, over real HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import urllib3

from ops.errors import OperationError
from ops.exit_code import ExitCode
from sandbox.client import Client

_TIMEOUT_SECONDS = 5.0


@dataclass(frozen=True)
class Reply:
    """One instance's answer."""

    app: str
    instance: str
    url: str
    status: int

    def __str__(self) -> str:
        return f"{self.app}: {self.instance} {self.url} → {self.status}"


def answers(client: Client) -> Iterator[Reply]:
    """One reply an instance of each app. Raises OperationError naming every instance that is not well."""
    http = urllib3.PoolManager(retries=False, timeout=_TIMEOUT_SECONDS)
    ill: list[str] = []
    for app in client.status()["apps"]:
        if not app["instances"]:
            ill.append(f"{app['name']}: no instance runs")
        for instance in app["instances"]:
            path = (instance["health_paths"] or ["/"])[0]
            url = f"{instance['url']}{path}"
            try:
                status = http.request("GET", url).status
            except urllib3.exceptions.HTTPError as error:
                ill.append(f"{app['name']}: {instance['id']} does not answer at {url}: {error}")
                continue
            if status != 200:
                ill.append(f"{app['name']}: {instance['id']} answers {status} at {url}")
            yield Reply(app["name"], instance["id"], url, status)
    if ill:
        raise OperationError("not everything is well:\n" + "\n".join(ill), ExitCode.UNVERIFIED)
