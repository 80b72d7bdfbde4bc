"""What stop, start, restart and scale do on App Platform, against the emulated API."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest

from ops.clouds.digitalocean import DigitalOcean
from ops.clouds.errors import OutOfService
from ops.errors import OperationError
from ops.running.app_platform import AppPlatformApp
from ops.running.step import Step
from ops.running.wish import ScaleWish
from sandbox import deployments
from sandbox.digitalocean.api import vendor
from sandbox.faults import Plan
from tests.sandbox.vendors import Vendors, vendors

pytestmark = pytest.mark.server

APP = "ca96485c-ee6b-401b-b1a2-8442c3bc7f04"
SPEC = {"name": "tetrix", "services": [{"name": "web", "instanceSizeSlug": "apps-s-1vcpu-1gb", "instanceCount": 2}]}


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Vendors]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(deployments, "STEP_SECONDS", 0.01)
        with vendors(tmp_path_factory.mktemp("running") / "home") as found:
            found.control.seed("digitalocean/app", {"spec": SPEC}, APP)
            yield found


def api(running: Vendors) -> DigitalOcean:
    return DigitalOcean({"DIGITALOCEAN_TOKEN": vendor.TOKEN, "DIGITALOCEAN_API_URL": running.urls["digitalocean"]})


def done(running: Vendors, verb: str, **how: Any) -> tuple[list[str], list[str]]:
    async def run() -> tuple[list[str], list[str]]:
        steps: list[Step] = await getattr(AppPlatformApp(api(running), "tetrix", "tetrix", "--stack production"), verb)(
            **how
        )
        return [step.what for step in steps], [await step.act() for step in steps]

    return asyncio.run(run())


def test_a_stopped_app_is_archived_and_a_started_one_as_it_was(running: Vendors) -> None:
    before = api(running).app(APP).spec
    assert done(running, "stop", keep_running=False)[0] == ["archive tetrix"]
    assert api(running).instances(APP) == []
    assert done(running, "start")[0] == ["restore tetrix, out of archive and maintenance"]
    assert len(api(running).instances(APP)) == 2
    assert api(running).app(APP).spec == before
    assert done(running, "start")[1] == ["tetrix is so already"]


def test_visitors_can_be_kept_away_while_everything_runs(running: Vendors) -> None:
    done(running, "stop", keep_running=True)
    assert api(running).app(APP).spec["maintenance"] == {"enabled": True}
    assert len(api(running).instances(APP)) == 2
    done(running, "start")


def test_count_and_size_change_and_nothing_else(running: Vendors) -> None:
    before = api(running).app(APP).spec
    plan, _ = done(running, "scale", wish=ScaleWish(3, "apps-s-1vcpu-2gb"))
    said = "instance_count 2 → 3, instance_size_slug apps-s-1vcpu-1gb → apps-s-1vcpu-2gb"
    assert plan == [f"change tetrix: {said}"]
    before["services"][0] |= {"instance_count": 3, "instance_size_slug": "apps-s-1vcpu-2gb"}
    assert api(running).app(APP).spec == before


def test_a_restart_that_fails_says_what_still_runs(running: Vendors) -> None:
    running.control.plant(Plan("unhealthy", target="app/tetrix"))
    with pytest.raises(OperationError, match=r"ERROR: the health checks .* failed; what ran before still runs"):
        done(running, "restart")
    assert done(running, "restart")[1][0].endswith(" is ACTIVE")


def test_lost_answers_are_looked_up(running: Vendors) -> None:
    for operation, verb, how in (("restart_app", "restart", {}), ("update_app", "stop", {"keep_running": False})):
        running.control.plant(Plan("timeout", api="digitalocean", operation=operation))
        assert done(running, verb, **how)[1][0].endswith(" is ACTIVE")
    running.control.plant(Plan("error", api="digitalocean", operation="update_app", status=503))
    with pytest.raises(OutOfService):
        done(running, "start")
    done(running, "start")
