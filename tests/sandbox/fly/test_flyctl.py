"""The real flyctl against the emulated Fly.io: every command the project uses, and what each is refused."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import threading
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from conftest import Platform

from tests.patience import eventually

pytestmark = pytest.mark.engine

_ROOT = Path(__file__).parents[3]
_FLYCTL = shutil.which("flyctl", path=f"{_ROOT / '.venv' / 'bin'}{os.pathsep}{os.environ['PATH']}")
_QUICK = ("--yes", "--smoke-checks=false", "--dns-checks=false")
_TOML = """
app = "{app}"
primary_region = "sjc"
[deploy]
strategy = "rolling"
wait_timeout = "10s"
[http_service]
internal_port = 8080
force_https = true
auto_stop_machines = "stop"
auto_start_machines = true
min_machines_running = 2
[[http_service.checks]]
path = "/api/simple-health"
interval = "15s"
timeout = "5s"
grace_period = "1s"
[checks.deep]
type = "http"
port = 8080
path = "/api/health"
interval = "45s"
timeout = "10s"
grace_period = "1s"
[[vm]]
size = "shared-cpu-2x"
memory = "2048mb"
"""
_MOUNT = """
[[mounts]]
source = "contest_data"
destination = "/app/storage"
initial_size = "8gb"
snapshot_retention = 14
"""


class Result(NamedTuple):
    """How a flyctl command ended."""

    code: int
    out: str
    error: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


class Flyctl:
    """Runs flyctl with a home, a configuration folder and base URLs of its own."""

    def __init__(self, platform: Platform, home: Path) -> None:
        assert _FLYCTL, "flyctl is missing: `make setup` gets it"
        self.platform = platform
        self.home = home
        urls = dict.fromkeys(("FLY_API_BASE_URL", "FLY_FLAPS_BASE_URL", "FLY_UIEX_BASE_URL"), platform.url)
        quiet = dict.fromkeys(("FLY_SEND_METRICS", "FLY_SYNTHETICS_AGENT"), "0")
        off = dict.fromkeys(("FLY_NO_UPDATE_CHECK", "FLY_NO_INCIDENTS_CHECK", "NO_COLOR", "CI"), "1")
        own = {"HOME": str(home), "FLY_CONFIG_DIR": str(home / ".fly"), "PATH": os.environ["PATH"]}
        self.environment = {**urls, **quiet, **off, **own, "FLY_API_TOKEN": "sandbox", "FLY_EMIT_RELEASE_JSON": "1"}

    def run(self, *arguments: str, text: str | None = None, **environment: str) -> Result:
        assert _FLYCTL
        done = subprocess.run(
            [_FLYCTL, *arguments],
            cwd=self.home,
            env={**self.environment, **environment},
            input=text,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        return Result(done.returncode, done.stdout, done.stderr)

    def __call__(self, *arguments: str, text: str | None = None) -> Result:
        result = self.run(*arguments, text=text)
        assert result.code == 0, result
        return result

    def refused(self, *arguments: str, text: str | None = None, **environment: str) -> str:
        result = self.run(*arguments, text=text, **environment)
        assert result.code == 1, result
        return result.error

    def toml(self, app: str = "paintbox", extra: str = "") -> None:
        (self.home / "fly.toml").write_text(_TOML.format(app=app) + extra)

    def deploy(self, image: str, *arguments: str) -> Result:
        return self("deploy", "--image", image, *_QUICK, *arguments)

    def machines(self) -> Any:
        return self("machine", "list", "-a", "paintbox", "--json").json


@pytest.fixture
def fly(platform: Platform, tmp_path: Path) -> Flyctl:
    flyctl = Flyctl(platform, tmp_path)
    flyctl.toml()
    return flyctl


@pytest.fixture
def app(fly: Flyctl) -> str:
    fly("apps", "create", "paintbox", "--org", "personal", "--json")
    return "paintbox"


@pytest.fixture
def deployed(fly: Flyctl, app: str) -> str:
    fly.deploy("slipway/paintbox:v1")
    return app


def test_who_am_i_which_organizations_regions_and_sizes(fly: Flyctl) -> None:
    assert fly("auth", "whoami").out.strip() == "operator@sandbox.local"
    assert fly("orgs", "list", "--json").json == {"personal": "Personal", "slipway": "Slipway"}
    regions = {region["code"] for region in fly("platform", "regions", "--json").json}
    assert {"sjc", "iad", "fra"} <= regions
    assert fly("platform", "vm-sizes", "--json").json["shared-cpu-2x"]["memory_mb"] == 512
    assert "Configuration is valid" in fly("config", "validate", "--strict").out


def test_an_app_is_created_listed_and_destroyed(fly: Flyctl) -> None:
    assert fly("apps", "create", "paintbox", "--org", "slipway", "--json").json["Name"] == "paintbox"
    assert [entry["Name"] for entry in fly("apps", "list", "--json").json] == ["paintbox"]
    taken = fly.refused("apps", "create", "paintbox", "--org", "slipway", "--json")
    assert taken.strip() == "Error: Validation failed: Name has already been taken"
    assert "organization acme not found" in fly.refused("apps", "create", "other", "--org", "acme", "--json")
    fly("apps", "destroy", "paintbox", "--yes")
    assert fly("apps", "list", "--json").json == []
    assert 'Could not find App "paintbox"' in fly.refused("apps", "destroy", "paintbox", "--yes")
    assert 'Could not find App "paintbox"' in fly.refused("status", "-a", "paintbox", "--json")


def test_a_wrong_token_and_none_are_refused(fly: Flyctl, app: str) -> None:
    wrong = fly.refused("auth", "whoami", FLY_API_TOKEN="nonsense")
    assert "You must be authenticated to view this." in wrong
    machines = fly.refused("machine", "list", "-a", app, "--json", FLY_API_TOKEN="nonsense")
    assert machines.strip() == "Error: failed to list VMs: You must be authenticated to view this."
    assert "no access token available" in fly.refused("auth", "whoami", FLY_API_TOKEN="")


def test_the_first_deploy_makes_two_machines_addresses_and_a_release(fly: Flyctl, app: str) -> None:
    out = fly.deploy("slipway/paintbox:v1").out
    release = json.loads(next(line for line in out.splitlines() if line.startswith("{")))
    assert (release["version"], release["image_ref"].split("@")[0]) == (1, "registry-1.docker.io/slipway/paintbox:v1")
    machines = fly.machines()
    assert [(machine["state"], machine["region"]) for machine in machines] == [("started", "sjc")] * 2
    listed = fly("releases", "-a", app, "--image", "--json").json
    assert [(entry["Version"], entry["Status"], entry["ImageRef"]) for entry in listed] == [
        (1, "complete", release["image_ref"])
    ]
    checks = fly("checks", "list", "-a", app, "--json").json
    assert {machine: [check["status"] for check in found] for machine, found in checks.items()} == {
        machine["id"]: ["passing", "passing"] for machine in machines
    }
    status = fly("status", "-a", app, "--json").json
    assert (status["Deployed"], len(status["Machines"])) == (True, 2)
    types = {address["Type"] for address in fly("ips", "list", "-a", app, "--json").json}
    assert types == {"v6", "shared_v4"}
    images = fly("image", "show", "-a", app, "--json").json
    assert {entry["Tag"] for entry in images} == {"v1"}


def test_no_request_fails_during_a_rolling_deploy(fly: Flyctl, deployed: str) -> None:
    url = fly.platform.front()["url"]
    eventually(lambda: fly.platform.fetch(f"{url}/").status == 200)
    seen: list[tuple[int, str]] = []
    over = threading.Event()

    def client() -> None:
        while not over.is_set():
            answer = fly.platform.fetch(f"{url}/api/simple-health")
            seen.append((answer.status, answer.json()["version"] if answer.status == 200 else ""))

    thread = threading.Thread(target=client)
    thread.start()
    try:
        eventually(lambda: seen)
        fly.deploy("slipway/paintbox:v2")
    finally:
        over.set()
        thread.join()
    assert {status for status, _ in seen} == {200}
    assert {version for _, version in seen} == {"v1", "v2"}
    assert {fly.platform.fetch(f"{url}/api/simple-health").json()["version"] for _ in range(4)} == {"v2"}


def test_a_release_whose_image_fails_its_checks_fails_and_the_other_machine_still_serves(
    fly: Flyctl, deployed: str
) -> None:
    error = fly.refused("deploy", "--image", "slipway/paintbox:v2-unhealthy", "--wait-timeout", "5s", *_QUICK)
    assert "timeout reached waiting for health checks to pass for machine" in error
    listed = fly("releases", "-a", deployed, "--json").json
    assert [(entry["Version"], entry["Status"]) for entry in listed] == [(2, "failed"), (1, "complete")]
    tags = sorted(machine["image_ref"]["tag"] for machine in fly.machines())
    assert tags == ["v1", "v2-unhealthy"]
    url = fly.platform.front()["url"]
    answer = fly.platform.fetch(f"{url}/api/simple-health")
    assert (answer.status, answer.json()["version"]) == (200, "v1")
    failing = [check for found in fly("checks", "list", "--json").json.values() for check in found]
    assert {check["status"] for check in failing} == {"passing", "critical"}
    fly.deploy("slipway/paintbox:v1", "--strategy", "immediate")
    assert {machine["image_ref"]["tag"] for machine in fly.machines()} == {"v1"}


def test_a_crashing_image_is_seen_by_the_smoke_check(fly: Flyctl, deployed: str) -> None:
    error = fly.refused("deploy", "--image", "slipway/paintbox:v2-crash", "--yes", "--dns-checks=false")
    assert "the app appears to be crashing" in error
    messages = fly("logs", "--no-tail", "--json").out
    assert "Main child exited with code: 1" in messages


@pytest.mark.parametrize("strategy", ["immediate", "canary"])
def test_other_strategies_replace_every_machine(fly: Flyctl, deployed: str, strategy: str) -> None:
    fly.deploy("slipway/paintbox:v2", "--strategy", strategy)
    machines = fly.machines()
    assert [machine["image_ref"]["tag"] for machine in machines] == ["v2", "v2"]


def test_bluegreen_replaces_the_machines_by_new_ones(fly: Flyctl, deployed: str) -> None:
    before = {machine["id"] for machine in fly.machines()}
    fly.deploy("slipway/paintbox:v2", "--strategy", "bluegreen")
    after = fly.machines()
    assert before.isdisjoint(machine["id"] for machine in after)
    assert [(machine["image_ref"]["tag"], machine["cordoned"]) for machine in after] == [("v2", False)] * 2


def test_an_image_that_does_not_exist_is_not_deployed(fly: Flyctl, deployed: str) -> None:
    error = fly.refused("deploy", "--image", "registry.fly.io/paintbox:gone", *_QUICK)
    assert 'Could not find image "registry.fly.io/paintbox:gone"' in error
    assert len(fly("releases", "--json").json) == 1


def test_a_source_folder_is_not_built_without_a_builder(fly: Flyctl, app: str) -> None:
    (fly.home / "Dockerfile").write_text("FROM scratch\n")
    assert "no remote builder is available in this organization" in fly.refused("deploy", *_QUICK)
    assert "no remote builder is available" in fly.refused("deploy", "--depot=false", *_QUICK)
    assert [entry["Name"] for entry in fly("apps", "list", "--json").json] == [app]


def test_a_full_region_refuses_the_deploy_and_suggests_another(fly: Flyctl, app: str) -> None:
    fly.platform.ok("PUT", "/sandbox/fly/regions/sjc", {"capacity": 0})
    error = fly.refused("deploy", "--image", "slipway/paintbox:v1", *_QUICK)
    assert "insufficient resources available to fulfill request" in error
    assert "Try choosing a different region for machine creation" in error


def test_a_size_out_of_range_is_refused_by_the_platform_not_by_flyctl(fly: Flyctl, app: str) -> None:
    text = (fly.home / "fly.toml").read_text()
    (fly.home / "fly.toml").write_text(
        text.replace('size = "shared-cpu-2x"', 'size = "shared-cpu-4x"').replace("2048mb", "512mb")
    )
    fly("config", "validate", "--strict")
    assert "minimum required 1024 MiB" in fly.refused("deploy", "--image", "slipway/paintbox:v1", *_QUICK)


def test_machines_are_scaled_by_region(fly: Flyctl, deployed: str) -> None:
    fly("scale", "count", "3", "--region", "sjc", "--yes")
    fly("scale", "count", "1", "--region", "iad", "--yes")
    assert fly("scale", "show", "--json").json[0]["Regions"] == {"iad": 1, "sjc": 3}
    out = fly("scale", "count", "2", "--region", "sjc", "--yes")
    assert "failed" not in out.out + out.error
    assert fly("scale", "show", "--json").json[0]["Regions"] == {"iad": 1, "sjc": 2}


def test_machines_are_stopped_started_restarted_cordoned_and_destroyed(fly: Flyctl, deployed: str) -> None:
    first, second = fly("machine", "list", "-q").out.split()

    def state() -> Any:
        return {machine["id"]: machine["state"] for machine in fly.machines()}[first]

    fly("machine", "stop", first)
    assert state() == "stopped"
    fly("machine", "start", first)
    assert state() == "started"
    fly("machine", "restart", first)
    fly("machine", "cordon", first)
    url = fly.platform.front()["url"]
    assert {fly.platform.fetch(f"{url}/").headers["x-slipway-instance"] for _ in range(4)} == {second}
    fly("machine", "uncordon", first)
    fly("machine", "destroy", second, "--force")
    assert [machine["id"] for machine in fly.machines()] == [first]
    assert "was not found in app 'paintbox'" in fly.refused("machine", "stop", second)


def test_a_mounted_volume_comes_with_the_first_deploy_and_is_kept_by_the_next(fly: Flyctl, app: str) -> None:
    fly.toml(extra=_MOUNT)
    fly.deploy("slipway/paintbox:v1", "--ha=false")
    fly.deploy("slipway/paintbox:v2", "--ha=false")
    (machine,) = fly.machines()
    (volume,) = fly("volumes", "list", "--json").json
    assert (volume["size_gb"], volume["attached_machine_id"], volume["snapshot_retention"]) == (8, machine["id"], 14)
    assert "is attached to machine" in fly.refused("volumes", "destroy", volume["id"], "--yes")
    fly("scale", "count", "2", "--region", "sjc", "--yes")
    attached = {volume["attached_machine_id"] for volume in fly("volumes", "list", "--json").json}
    assert attached == {entry["id"] for entry in fly.machines()}


def test_volumes_are_created_extended_snapshotted_and_destroyed(fly: Flyctl, app: str) -> None:
    created = fly("volumes", "create", "data", "--region", "sjc", "--size", "3", "--yes", "--json").json
    id_ = created["id"]
    assert fly("volumes", "show", id_, "--json").json["size_gb"] == 3
    assert fly("volumes", "extend", id_, "--size", "4", "--yes", "--json").json["size_gb"] == 4
    assert fly("volumes", "extend", id_, "--size", "+2", "--yes", "--json").json["size_gb"] == 6
    smaller = fly.refused("volumes", "extend", id_, "--size", "2", "--yes", "--json")
    assert "volume size can only be increased" in smaller
    assert "must be between 1 and 500 GB" in fly.refused("volumes", "extend", id_, "--size", "501", "--yes", "--json")
    updated = fly("volumes", "update", id_, "--snapshot-retention", "14", "--json").json
    assert updated["snapshot_retention"] == 14
    fly("volumes", "snapshots", "create", id_)
    assert [entry["status"] for entry in fly("volumes", "snapshots", "list", id_, "--json").json] == ["created"]
    fly("volumes", "destroy", id_, "--yes")
    assert fly("volumes", "list", "--json").json == []
    assert "volume not found" in fly.refused("volumes", "show", id_, "--json")


def test_secrets_are_staged_deployed_and_unset(fly: Flyctl, app: str) -> None:
    text = "ADMIN_USER=admin\nADMIN_PASSWORD=hunter2-really\n"
    fly("secrets", "import", "--stage", text=text)
    fly.deploy("slipway/paintbox:v1")

    def statuses() -> dict[str, str]:
        return {entry["name"]: entry["status"] for entry in fly("secrets", "list", "--json").json}

    assert statuses() == {"ADMIN_PASSWORD": "Deployed", "ADMIN_USER": "Deployed"}
    fly("secrets", "import", "--stage", text="ADMIN_USER=root\n")
    assert statuses() == {"ADMIN_PASSWORD": "Deployed", "ADMIN_USER": "Staged"}
    # Not `secrets deploy`: its smoke check takes ten seconds for each machine and cannot be left out.
    fly.deploy("slipway/paintbox:v1")
    assert statuses() == {"ADMIN_PASSWORD": "Deployed", "ADMIN_USER": "Deployed"}
    fly("secrets", "unset", "ADMIN_USER", "--stage")
    assert statuses() == {"ADMIN_PASSWORD": "Deployed"}


def test_secrets_outlive_no_app_and_flyctls_memory_of_it_does_no_harm(fly: Flyctl, app: str) -> None:
    fly("secrets", "import", "--stage", text="A=1\n")
    fly.platform.ok("DELETE", "/v1/apps/paintbox")
    fly("apps", "create", "paintbox", "--org", "personal")
    fly("secrets", "import", "--stage", text="B=1\n")
    fly.deploy("slipway/paintbox:v1")


def test_addresses_are_allocated_and_released(fly: Flyctl, app: str) -> None:
    fly("ips", "allocate-v4", "--shared")
    fly("ips", "allocate-v4", "--yes")
    fly("ips", "allocate-v6")
    fly("ips", "allocate-v6", "--private")
    addresses = {entry["Type"]: entry["Address"] for entry in fly("ips", "list", "--json").json}
    assert set(addresses) == {"shared_v4", "v4", "v6", "private_v6"}
    fly("ips", "release", addresses["v4"])
    assert "Could not find IP address" in fly.refused("ips", "release", addresses["v4"])
    fly("ips", "release", addresses["shared_v4"])
    assert {entry["Type"] for entry in fly("ips", "list", "--json").json} == {"v6", "private_v6"}


def test_certificates_are_added_checked_and_removed(fly: Flyctl, app: str) -> None:
    added = fly("certs", "add", "www.example.com", "--json").json
    assert added["dns_requirements"]["acme_challenge"]["name"] == "_acme-challenge.www.example.com"
    assert [entry["hostname"] for entry in fly("certs", "list", "--json").json] == ["www.example.com"]
    fly.platform.ok("PUT", "/sandbox/fly/hostnames/www.example.com", {"configured": True})
    assert fly("certs", "check", "www.example.com", "--json").json["configured"] is True
    fly("certs", "remove", "www.example.com", "--yes")
    assert "certificate not found" in fly.refused("certs", "show", "www.example.com", "--json")


def test_a_machine_leased_by_another_waits_for_the_lease_to_end(fly: Flyctl, deployed: str) -> None:
    machine = fly.machines()[0]["id"]
    fly.platform.ok("POST", f"/v1/apps/paintbox/machines/{machine}/lease?ttl=2")
    fly.deploy("slipway/paintbox:v2")
    assert {entry["image_ref"]["tag"] for entry in fly.machines()} == {"v2"}


def test_the_lease_of_a_killed_flyctl_can_be_cleared(fly: Flyctl, deployed: str) -> None:
    machine = fly.machines()[0]["id"]
    fly.platform.ok("POST", f"/v1/apps/paintbox/machines/{machine}/lease?ttl=500")
    fly("machine", "leases", "clear", machine)
    fly("machine", "stop", machine)


def test_a_lost_answer_to_create_leaves_an_app_that_the_next_attempt_finds(fly: Flyctl) -> None:
    fly.platform.plant(kind="timeout", operation="app_create")
    fly.refused("apps", "create", "paintbox", "--org", "personal", "--json")
    assert [entry["Name"] for entry in fly("apps", "list", "--json").json] == ["paintbox"]
    assert "Name has already been taken" in fly.refused("apps", "create", "paintbox", "--org", "personal", "--json")
