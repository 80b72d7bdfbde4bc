"""The performance profile of Paintbox, rehearsed: Redis, PgBouncer, Valkey and PostgreSQL on the emulated clouds."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
import yaml

from tests.rehearsal.project import Project

pytestmark = pytest.mark.engine

FLY = "paintbox-performance"
Change = Callable[[Mapping[str, Any]], None]


@pytest.fixture(scope="module")
def performance(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """A project whose performance stack was rehearsed. Tests leave it as deployed as they found it."""
    made = Project(tmp_path_factory.mktemp("performance") / "project")
    done = made.slipway("rehearse", "performance")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "✓ second preview: no change" in done.stdout
    assert "✓ refresh: no drift" in done.stdout
    yield made
    made.close()


def test_flyctl_finds_nothing_wrong_with_any_fly_toml(performance: Project) -> None:
    assert performance.refused_tomls("performance") == {}


def found(project: Project, kind: str) -> dict[str, dict[str, Any]]:
    """What the emulated clouds have of a kind, by id."""
    return {entry["id"]: entry["properties"] for entry in project.client.resources(kind)[kind]}


def machines(project: Project, app: str) -> list[dict[str, Any]]:
    return [machine["config"] for machine in found(project, "fly/machine").values() if machine["app"] == app]


def up(project: Project, **environment: str) -> str:
    done = project.pulumi("performance", "up", "--yes", "--refresh", **environment)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def unchanged(project: Project, **environment: str) -> None:
    preview = project.pulumi("performance", "preview", "--expect-no-changes", **environment)
    assert preview.returncode == 0, preview.stdout + preview.stderr


@pytest.fixture
def change(performance: Project) -> Iterator[Change]:
    """Lays something over the system on Fly.io in the stack file, which is put back in the end."""
    file = performance.root / "Pulumi.performance.yaml"
    before = file.read_text()

    def lay(over: Mapping[str, Any]) -> None:
        content = yaml.safe_load(before)
        content["config"]["slipway:systems"][FLY] = dict(over)
        file.write_text(yaml.safe_dump(content))

    yield lay
    file.write_text(before)


def test_redis_runs_with_its_file_its_volume_and_no_address(performance: Project) -> None:
    (redis,) = machines(performance, "paintbox-redis")
    files = {file["guest_path"]: file for file in redis["files"]}
    config = base64.b64decode(files["/etc/redis/redis.conf"]["raw_value"]).decode()
    assert "maxmemory 768mb\nmaxmemory-policy allkeys-lru\nappendonly yes\nappendfsync everysec\n" in config
    assert files["/etc/redis/password.conf"]["secret_name"] == "REDIS_PASSWORD_CONF"
    assert [mount["path"] for mount in redis["mounts"]] == ["/data"]
    assert redis["guest"]["memory_mb"] == 1024
    assert redis["init"]["cmd"] == ["redis-server", "/etc/redis/redis.conf"]
    assert not redis.get("services")
    assert [kept for kept in found(performance, "fly/address").values() if kept["app"] == "paintbox-redis"] == []


def test_pgbouncer_is_reached_under_its_private_address_only(performance: Project) -> None:
    (pgbouncer,) = machines(performance, "paintbox-pgbouncer")
    (service,) = pgbouncer["services"]
    assert [port["port"] for port in service["ports"]] == [5432, 6432]
    addresses = [kept for kept in found(performance, "fly/address").values() if kept["app"] == "paintbox-pgbouncer"]
    assert [address["type"] for address in addresses] == ["private_v6"]


def test_clusters_let_in_the_app_which_is_in_their_network(performance: Project) -> None:
    (app_id,) = found(performance, "digitalocean/app")
    rules = [firewall["rules"] for firewall in found(performance, "digitalocean/databaseFirewall").values()]
    assert [[(rule["type"], rule["value"]) for rule in each] for each in rules] == [[("app", app_id)]] * 2
    networks = {
        cluster["privateNetworkUuid"] for cluster in found(performance, "digitalocean/databaseCluster").values()
    }
    (app,) = found(performance, "digitalocean/app").values()
    assert [{vpc["id"] for vpc in app["spec"]["vpcs"]}] == [networks]


def test_no_password_is_in_the_state_in_plain_text(performance: Project) -> None:
    text = json.dumps(performance.state("performance"))
    made_up = json.loads((performance.home / "secrets.json").read_text()).values()
    # The part of each that nobody could guess.
    tokens = [token for value in made_up for token in re.findall(r"[0-9a-f]{16}", value)]
    assert len(tokens) == len(made_up) > 0
    assert [token for token in tokens if token in text] == []
    for cluster in found(performance, "digitalocean/databaseCluster").values():
        assert cluster["password"] not in text


def test_destroying_refuses_what_holds_data_and_removes_nothing(performance: Project) -> None:
    before = performance.client.resources()
    done = performance.pulumi("performance", "destroy", "--yes")
    assert done.returncode != 0
    assert "protected" in done.stdout + done.stderr
    assert {kind: len(entries) for kind, entries in performance.client.resources().items()} == {
        kind: len(entries) for kind, entries in before.items()
    }
    unchanged(performance)


def test_a_volume_that_would_shrink_is_refused_before_anything_happens(performance: Project, change: Change) -> None:
    change({"redis": {"volume_gb": 8}})
    done = performance.pulumi("performance", "up", "--yes")
    assert done.returncode != 0
    assert "8 GB is less than the 10 GB that the volume has, and a volume never shrinks; set it to 10 or more" in (
        done.stdout + done.stderr
    )


def test_a_new_password_reaches_all_who_need_it_and_so_does_one_that_changed_at_the_cloud(performance: Project) -> None:
    drift = performance.slipway("sandbox", "drift", "paintbox-do-db", "password", "another-one")
    assert drift.returncode == 0, drift.stderr
    secret = {"SLIPWAY_SECRET_PAINTBOX_PERFORMANCE_REDIS_PASSWORD": "planted/5d1c"}
    shown = performance.pulumi("performance", "preview", "--diff", **secret)
    assert "planted" not in shown.stdout + shown.stderr
    said = up(performance, **secret)
    for name in ("", "-redis"):
        assert f"{FLY}{name}-secrets updated" in said
        assert f"{FLY}{name}-release updated" in said
    assert f"{FLY}-pgbouncer-release updated" not in said
    # The app has the cloud's password with the run after the one that saw it.
    up(performance, **secret)
    unchanged(performance, **secret)


def test_the_autoscaler_takes_over_from_the_proxy_and_goes_once_it_may(performance: Project, change: Change) -> None:
    change({"app": {"machines": {"when_idle": "autoscaler"}}, "autoscaler": {"cpu_percent": 70}})
    done = performance.slipway("rehearse", "performance")
    assert done.returncode == 0, done.stdout + done.stderr
    (scaler,) = machines(performance, "paintbox-app-autoscaler")
    assert scaler["env"]["FAS_APP_NAME"] == "paintbox-app"
    services = [service for machine in machines(performance, "paintbox-app") for service in machine["services"]]
    assert {service["autostop"] for service in services} == {False}
    resources = performance.state("performance")["resources"]
    change({})
    refused = performance.pulumi("performance", "up", "--yes")
    assert "protected" in refused.stdout + refused.stderr
    assert len(machines(performance, "paintbox-app-autoscaler")) == 1
    (urn,) = [entry["urn"] for entry in resources if entry["urn"].endswith(f"fly:index:App::{FLY}-autoscaler-app")]
    unprotected = performance.pulumi("performance", "state", "unprotect", urn, "--yes")
    assert unprotected.returncode == 0, unprotected.stdout + unprotected.stderr
    up(performance)
    assert machines(performance, "paintbox-app-autoscaler") == []
    unchanged(performance)


def test_a_volume_grows_in_place(performance: Project, change: Change) -> None:
    (before,) = found(performance, "fly/volume")
    change({"redis": {"volume_gb": 12}})
    up(performance)
    (volume,) = found(performance, "fly/volume").items()
    assert (volume[0], volume[1]["size_gb"]) == (before, 12)
    unchanged(performance)
