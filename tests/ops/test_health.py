"""The health of what runs: every instance is asked, and all that are ill are named together."""

from __future__ import annotations

from typing import Any

import pytest
import urllib3

from ops import health
from ops.errors import OperationError
from ops.exit_code import ExitCode
from ops.health import answers
from ops.sandbox import Clients
from settings.stack import Stack
from tests.settings.samples import DIGITALOCEAN, FLY, Project

WEB = "http://127.0.0.1:{}"


@pytest.fixture
def stack(project: Project) -> Stack:
    project.system("web", {**DIGITALOCEAN, "app": {**DIGITALOCEAN["app"], "name": "web"}})
    project.system("jobs", {**FLY, "app": {**FLY["app"], "name": "jobs"}})
    project.stack("config:\n  slipway:environment: production\n  slipway:systems: {web: {}, jobs: {}}\n")
    return project.load()


class Cloud:
    """Two replicas of `web`; of `jobs` one machine that runs and one that was stopped."""

    def __init__(self) -> None:
        replicas = [{"id": f"web-{number}", "url": WEB.format(number)} for number in (1, 2)]
        self.apps: list[dict[str, Any]] = [{"name": "web", "instances": replicas}]

    def status(self) -> dict[str, Any]:
        return {"apps": self.apps}

    def app(self, name: str) -> dict[str, Any]:
        assert name == "jobs"
        machines = [("m1", "started", 3), ("m2", "stopped", 4)]
        return {"machines": [{"id": id_, "state": state, "url": WEB.format(port)} for id_, state, port in machines]}


@pytest.fixture
def statuses(monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """What is answered by URL; 200 where nothing is said, and nobody listens where it is 0."""
    told: dict[str, int] = {}

    class Http:
        def __init__(self, **_: object) -> None: ...

        def request(self, method: str, url: str) -> Any:
            status = told.get(url, 200)
            if not status:
                raise urllib3.exceptions.ProtocolError("refused")
            return urllib3.HTTPResponse(status=status)

    monkeypatch.setattr(health.urllib3, "PoolManager", Http)
    return told


def clients(cloud: Cloud) -> Clients:
    return Clients(cloud, cloud)  # type: ignore[arg-type]  # stands in for both


def test_every_instance_that_should_run_is_asked_at_its_apps_health_path(
    stack: Stack, statuses: dict[str, int]
) -> None:
    assert [str(reply) for reply in answers(stack, clients(Cloud()))] == [
        "web: web-1 http://127.0.0.1:1/health → 200",
        "web: web-2 http://127.0.0.1:2/health → 200",
        "jobs: m1 http://127.0.0.1:3/ready → 200",
    ]


def test_all_that_are_ill_are_named_together(stack: Stack, statuses: dict[str, int]) -> None:
    statuses |= {"http://127.0.0.1:1/health": 503, "http://127.0.0.1:3/ready": 0}
    with pytest.raises(OperationError) as raised:
        list(answers(stack, clients(Cloud())))
    assert str(raised.value) == (
        "not everything is well:\n"
        "web: web-1 answers 503 at http://127.0.0.1:1/health\n"
        "jobs: m1 does not answer at http://127.0.0.1:3/ready: refused"
    )
    assert raised.value.exit_code is ExitCode.UNVERIFIED


def test_an_app_of_which_nothing_runs_is_ill(stack: Stack, statuses: dict[str, int]) -> None:
    cloud = Cloud()
    cloud.apps = []
    with pytest.raises(OperationError, match=r"\nweb: nothing runs$"):
        list(answers(stack, clients(cloud)))
