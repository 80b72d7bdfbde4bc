"""The client of DigitalOcean's API against the emulated one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ops.clouds.digitalocean import DigitalOcean
from ops.clouds.errors import Clash, NoAnswer, NotThere, RequestRefused, TokenRefused
from sandbox import deployments
from sandbox.digitalocean.api import vendor
from tests.sandbox.vendors import Vendors, vendors

pytestmark = pytest.mark.server

APP = "ca96485c-ee6b-401b-b1a2-8442c3bc7f04"
SPEC = {"name": "tetrix", "region": "fra", "services": [{"name": "web", "instanceSizeSlug": "apps-s-1vcpu-1gb"}]}


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Vendors]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(deployments, "STEP_SECONDS", 0.01)
        with vendors(tmp_path_factory.mktemp("clouds") / "home") as found:
            found.control.seed("digitalocean/app", {"spec": SPEC}, APP)
            yield found


@pytest.fixture
def ocean(running: Vendors) -> DigitalOcean:
    return client(running, vendor.TOKEN)


def client(running: Vendors, token: str) -> DigitalOcean:
    return DigitalOcean({"DIGITALOCEAN_TOKEN": token, "DIGITALOCEAN_API_URL": running.urls["digitalocean"]})


def test_an_app_is_found_by_its_name(ocean: DigitalOcean) -> None:
    assert ocean.app_named("tetrix").id == APP
    with pytest.raises(NotThere, match="there is no app tetris; deploy it first"):
        ocean.app_named("tetris")


def test_a_deployment_is_awaited_and_each_phase_told(ocean: DigitalOcean, monkeypatch: pytest.MonkeyPatch) -> None:
    app = ocean.app(APP)
    spec = {**app.spec, "services": [{**app.spec["services"][0], "instance_count": 2}]}
    ocean.propose(spec, APP)
    under_way = ocean.update_app(APP, spec).under_way
    assert under_way
    phases: list[str] = []
    done = ocean.wait(APP, under_way.id, 60, lambda deployment: phases.append(deployment.phase))
    assert (done.phase, phases[-1]) == ("ACTIVE", "ACTIVE")
    assert [part.replicas_ready for part in ocean.health(APP)] == [2]
    assert [instance.instance_alias for instance in ocean.instances(APP)] == ["web-0", "web-1"]
    monkeypatch.setattr(deployments, "STEP_SECONDS", 3600)  # until the next deployment takes its place
    with pytest.raises(NoAnswer, match="after 0 s; it goes on"):
        ocean.wait(APP, ocean.restart(APP).id, 0)


def test_a_rollback_is_validated_made_and_committed(ocean: DigitalOcean) -> None:
    first = ocean.deployments(APP)[-1].id
    assert ocean.validate_rollback(APP, first).valid
    made = ocean.roll_back(APP, first)
    assert ocean.wait(APP, made.id, 60).phase == "ACTIVE"
    pinned = ocean.app(APP).pinned_deployment
    assert pinned
    assert pinned.cloned_from == first
    assert ocean.validate_rollback(APP, first).error is not None
    with pytest.raises(Clash, match="pinned"):
        ocean.deploy(APP, force_build=True)
    ocean.commit_rollback(APP)
    assert ocean.app(APP).pinned_deployment is None


def test_refusals_come_as_what_they_are(running: Vendors, ocean: DigitalOcean) -> None:
    with pytest.raises(RequestRefused, match=r"spec\.region"):
        ocean.propose({**SPEC, "region": "fra1"}, APP)
    with pytest.raises(TokenRefused, match="not authorized"):
        client(running, vendor.READ_ONLY_TOKEN).restart(APP)


def test_logs_are_read_and_followed(ocean: DigitalOcean) -> None:
    assert "tetrix-web-0 started" in "\n".join(ocean.logs(APP, "web", tail=10))
    following = ocean.follow(APP, tail=1)
    assert next(following).startswith("web 20")
    following.close()
