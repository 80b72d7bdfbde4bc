from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import urllib3

from sandbox.client import Client
from sandbox.errors import NotRunningError, SandboxError
from sandbox.faults import Plan
from tests.sandbox.in_process import HTTP, sandbox_in_process

APP = "digitalocean/app"
APP_ID = "ca96485c-ee6b-401b-b1a2-8442c3bc7f04"
SPEC = {
    "name": "tetrix",
    "region": "fra",
    "services": [
        {
            "name": "web",
            "instanceCount": 2,
            "instanceSizeSlug": "apps-s-1vcpu-1gb",
            "healthCheck": {"httpPath": "/api/health"},
        }
    ],
}


@pytest.fixture
def client(tmp_path: Path) -> Iterator[Client]:
    with sandbox_in_process(tmp_path / "home") as found:
        yield found


def seeded(client: Client) -> dict[str, Any]:
    client.seed(APP, {"spec": SPEC}, APP_ID)
    app: dict[str, Any] = client.status()["apps"][0]
    return app


def test_a_seeded_app_has_its_id_and_is_served_by_each_replica(client: Client) -> None:
    app = seeded(client)
    assert (app["id"], app["name"]) == (APP_ID, "tetrix")
    assert [instance["id"] for instance in app["instances"]] == ["tetrix-web-0", "tetrix-web-1"]
    for instance in app["instances"]:
        answer = HTTP.request("GET", f"{instance['url']}/api/health")
        assert (answer.status, answer.headers["x-slipway-instance"]) == (200, instance["id"])
    assert {HTTP.request("GET", app["url"]).headers["x-slipway-instance"] for _ in range(4)} == {
        "tetrix-web-0",
        "tetrix-web-1",
    }


def test_seeding_twice_makes_one(client: Client) -> None:
    zone = {"name": "tetrixcorp.com", "account": {"id": "a" * 32}}
    assert client.seed("cloudflare/zone", zone) == client.seed("cloudflare/zone", zone)
    assert client.seed(APP, {"spec": SPEC}, APP_ID) == client.seed(APP, {"spec": SPEC}, APP_ID)
    assert {kind: len(found) for kind, found in client.resources().items() if kind in (APP, "cloudflare/zone")} == {
        APP: 1,
        "cloudflare/zone": 1,
    }


def refuses(url: str) -> bool:
    try:
        urllib3.PoolManager(retries=False).request("GET", url)
    except urllib3.exceptions.NewConnectionError:
        return True
    return False


def test_a_drifted_replica_count_stops_an_instance(client: Client) -> None:
    app = seeded(client)
    told = client.set(APP, "tetrix", "spec.services[0].instanceCount", 1)
    assert told == {"id": APP_ID, "path": "spec.services[0].instanceCount", "before": 2, "after": 1}
    assert [instance["id"] for instance in client.status()["apps"][0]["instances"]] == ["tetrix-web-0"]
    assert [refuses(instance["url"]) for instance in app["instances"]] == [False, True]


def test_a_property_and_a_resource_can_be_deleted(client: Client) -> None:
    app = seeded(client)
    client.unset(APP, APP_ID, "spec.services[0].healthCheck")
    assert "healthCheck" not in client.resources(APP)[APP][0]["properties"]["spec"]["services"][0]
    client.delete(APP, APP_ID)
    assert client.status()["apps"] == []
    assert all(refuses(url) for url in (app["url"], *(instance["url"] for instance in app["instances"])))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("digitalocean/app", "nope", "spec.name", "x"), "there is no digitalocean/app 'nope'"),
        (("digitalocean/ap", "nope", "spec.name", "x"), "'digitalocean/ap' is not emulated; emulated kinds:"),
        (("digitalocean/app", "tetrix", "spec.nowhere.at", "x"), "there is nothing at spec.nowhere"),
        (("digitalocean/app", "tetrix", "spec[", "x"), "is not a property path"),
    ],
)
def test_drift_of_what_is_not_there_is_refused(client: Client, arguments: tuple[Any, ...], message: str) -> None:
    seeded(client)
    with pytest.raises(SandboxError, match=message):
        client.set(*arguments)


def test_an_app_can_be_made_to_fail_and_to_recover(client: Client) -> None:
    app = seeded(client)
    client.behave("tetrix-web-0", failing_paths=["/api/health"])
    assert [instance["healthy"] for instance in client.status()["apps"][0]["instances"]] == [False, True]
    assert HTTP.request("GET", f"{app['instances'][0]['url']}/api/health").status == 503
    client.behave("tetrix-web-0")
    assert [instance["healthy"] for instance in client.status()["apps"][0]["instances"]] == [True, True]
    with pytest.raises(SandboxError, match="a behaviour has no field 'faling'"):
        client.behave("tetrix", faling=1)


def test_faults_are_planted_listed_and_taken_back(client: Client) -> None:
    id_ = client.plant(Plan("throttle", api="digitalocean", count=3))
    assert client.faults()[id_]["count"] == 3
    assert client.status()["faults"] == 1
    assert client.clear_faults(id_) == 1
    assert client.faults() == {}


def test_a_failed_build_leaves_the_app_without_a_deployment(client: Client) -> None:
    client.plant(Plan("build", target="app/tetrix"))
    with pytest.raises(SandboxError, match="is in phase ERROR: the build failed"):
        client.seed(APP, {"spec": SPEC}, APP_ID)
    assert client.status()["apps"][0]["deployment"] == ""


def test_a_restart_serves_the_apps_again_on_the_same_ports(tmp_path: Path) -> None:
    with sandbox_in_process(tmp_path / "home") as client:
        before = seeded(client)
        client.behave("tetrix-web-0", latency_ms=1)
    with sandbox_in_process(tmp_path / "home") as client:
        after = client.status()["apps"][0]
        assert after == before
        assert HTTP.request("GET", after["url"]).status == 200


def test_a_failed_update_keeps_the_old_deployment_also_over_a_restart(tmp_path: Path) -> None:
    with sandbox_in_process(tmp_path / "home") as client:
        seeded(client)
        client.plant(Plan("build", target="app/tetrix"))
        with pytest.raises(SandboxError, match="the build failed"):
            client.set(APP, APP_ID, "spec.services[0].instanceCount", 3)
        assert len(client.status()["apps"][0]["instances"]) == 2
    with sandbox_in_process(tmp_path / "home") as client:
        assert len(client.status()["apps"][0]["instances"]) == 2


def test_only_loopback_names_are_served(client: Client) -> None:
    status = client._base
    assert HTTP.request("GET", f"{status}/status", headers={"Host": "evil.example"}).status == 403


def test_a_missing_field_is_told(client: Client) -> None:
    answer = HTTP.request("POST", f"{client._base}/behaviour", json={})
    assert (answer.status, answer.json()) == (400, {"error": "the field 'target' is missing"})


def test_without_a_sandbox_the_client_says_how_to_start_one() -> None:
    with pytest.raises(NotRunningError, match=r"start one with `\./slipway sandbox start`"):
        Client("http://127.0.0.1:1").status()
