"""The emulated providers under the real Pulumi engine."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from sandbox import control
from sandbox.client import Client
from sandbox.control import Endpoints
from sandbox.errors import SandboxError
from sandbox.faults import Plan
from tests.sandbox.in_process import HTTP
from tests.sandbox.stacks import Stack, pulumi
from tests.sandbox.test_control import ended

pytestmark = [
    pytest.mark.engine,
    pytest.mark.skipif(not pulumi(), reason="there is no Pulumi CLI: run `make setup`"),
]

APP, RECORD, CHECK = "digitalocean/app", "cloudflare/dnsRecord", "digitalocean/uptimeCheck"
ACCOUNT = "a" * 32
PLANTED = "hunter2-planted"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("engine") / "home"
    yield folder
    control.stop(folder, remove=True)


@pytest.fixture
def endpoints(home: Path) -> Endpoints:
    return control.start(home)


@pytest.fixture
def client(endpoints: Endpoints) -> Iterator[Client]:
    found = Client(endpoints.control)
    yield found
    found.clear_faults()


@pytest.fixture
def stack(tmp_path: Path, endpoints: Endpoints, client: Client) -> Iterator[Stack]:
    yield Stack(tmp_path / "stack", endpoints)
    client.clear_faults()
    for kind, found in client.resources().items():
        for entry in found if not kind.startswith("fly/") else ():
            # What went with its owner is gone already.
            with suppress(SandboxError):
                client.delete(kind, entry["id"])


def resource(kind: str, name: str, properties: dict[str, Any], **more: Any) -> dict[str, Any]:
    package, _, short = kind.partition("/")
    token = f"{package}:index/{short}:{short[0].upper()}{short[1:]}"
    return {"type": token, "name": name, "properties": properties, **more}


def app(**service: Any) -> dict[str, Any]:
    envs = [
        {"key": "NODE_ENV", "value": "production", "scope": "RUN_TIME"},
        {"key": "TOKEN", "value": {"secret": PLANTED}, "type": "SECRET", "scope": "RUN_TIME"},
    ]
    web = {
        "name": "web",
        "instanceCount": 2,
        "instanceSizeSlug": "apps-s-1vcpu-1gb",
        "healthCheck": {"httpPath": "/api/health"},
        "envs": envs,
    }
    return resource(
        APP,
        "app",
        {"spec": {"name": "tetrix", "region": "fra", "services": [{**web, **service}]}},
        outputs=["liveUrl", "defaultIngress"],
        options={"ignore_changes": ["spec.services[0].envs[1].value"]},
    )


def check(**more: Any) -> dict[str, Any]:
    return resource(CHECK, "check", {"target": {"from": "app.liveUrl"}, "regions": ["eu_west", "us_east"], **more})


def record(zone: str, **more: Any) -> dict[str, Any]:
    given = {"zoneId": zone, "name": "www.tetrixcorp.com", "type": "CNAME", "content": "a.example", "ttl": 1}
    return resource(RECORD, "record", {**given, **more})


def zone(client: Client) -> str:
    return client.seed("cloudflare/zone", {"name": "tetrixcorp.com", "account": {"id": ACCOUNT}})


def test_a_deployed_stack_is_unchanged_by_preview_and_refresh_and_gone_after_destroy(
    stack: Stack, client: Client
) -> None:
    stack.declare(app(), check(), record(zone(client)))
    assert stack.up().code == 0
    assert stack.unchanged()
    (live,) = client.status()["apps"]
    assert [HTTP.request("GET", f"{found['url']}/api/health").status for found in live["instances"]] == [200, 200]
    assert stack.run("destroy", "--yes", "--skip-preview", "--stack=test").code == 0
    assert {kind: found for kind, found in client.resources().items() if kind in (APP, CHECK, RECORD)} == {}
    assert client.status()["apps"] == []


def test_drift_is_shown_by_refresh_and_put_back_by_up(stack: Stack, client: Client) -> None:
    stack.declare(app(), record(zone(client)))
    stack.up()
    client.set(APP, "tetrix", "spec.services[0].instanceCount", 1)
    client.set(RECORD, "www.tetrixcorp.com", "content", "evil.example")
    shown = stack.run("refresh", "--preview-only", "--diff", "--stack=test")
    assert "instanceCount: 2 => 1" in shown.output
    assert '"a.example" => "evil.example"' in shown.output
    assert stack.run("up", "--yes", "--refresh", "--skip-preview", "--stack=test").code == 0
    assert len(client.status()["apps"][0]["instances"]) == 2
    assert stack.unchanged()


def test_a_deleted_resource_is_made_again(stack: Stack, client: Client) -> None:
    stack.declare(record(zone(client)))
    stack.up()
    client.delete(RECORD, "www.tetrixcorp.com")
    assert stack.run("up", "--yes", "--refresh", "--skip-preview", "--stack=test").code == 0
    assert len(client.resources(RECORD)[RECORD]) == 1


def test_check_failures_are_printed_with_their_paths_and_nothing_is_made(stack: Stack, client: Client) -> None:
    stack.declare(app(instanceSizeSlg="x", instanceCount="two", envs=[{"key": "A", "type": "SECRT"}]))
    failed = stack.up()
    assert failed.code != 0
    for expected in (
        "property spec.services[0].instanceSizeSlg",
        'did you mean "instanceSizeSlug"?',
        'spec.services[0].instanceCount value {<nil>} has a problem: expected an integer, got "two"',
        'did you mean "SECRET"?',
    ):
        assert expected in failed.output
    assert client.status()["apps"] == []


def test_an_existing_app_is_imported_without_a_change_and_kept(stack: Stack, client: Client) -> None:
    adopted = "ca96485c-ee6b-401b-b1a2-8442c3bc7f04"
    declared = app(envs=[])
    client.seed(APP, declared["properties"], adopted)
    declared["options"] = {"import_": adopted}
    stack.declare(declared)
    done = stack.up()
    assert (done.code, [entry["id"] for entry in stack.resources()]) == (0, [adopted]), done.output
    assert len(client.resources(APP)[APP]) == 1
    assert stack.unchanged()


def test_a_replacing_change_replaces(stack: Stack, client: Client) -> None:
    owner = zone(client)
    stack.declare(record(owner))
    stack.up()
    (before,) = client.resources(RECORD)[RECORD]
    stack.declare(record(owner, type="TXT", content="x"))
    done = stack.up()
    assert (done.code, "1 replaced" in done.output) == (0, True), done.output
    (after,) = client.resources(RECORD)[RECORD]
    assert (before["id"] != after["id"], after["properties"]["type"]) == (True, "TXT")


def test_a_failed_build_leaves_an_app_that_the_next_up_finishes(stack: Stack, client: Client) -> None:
    client.plant(Plan("build", target="app/tetrix"))
    stack.declare(app())
    failed = stack.up()
    assert (failed.code != 0, "is in phase ERROR: the build failed" in failed.output) == (True, True)
    (entry,) = stack.resources()
    assert entry["initErrors"]
    assert stack.up().code == 0
    assert stack.resources()[0]["id"] == entry["id"]
    assert client.status()["apps"][0]["deployment"]
    assert stack.unchanged()


def test_a_lasting_throttle_fails_and_the_next_up_succeeds(stack: Stack, client: Client) -> None:
    stack.declare(record(zone(client)))
    client.plant(Plan("throttle", api="cloudflare", operation="create", count=0, retry_after=0))
    failed = stack.up()
    assert (failed.code != 0, "429 Too Many Requests" in failed.output) == (True, True), failed.output
    client.clear_faults()
    assert stack.up().code == 0
    assert len(client.resources(RECORD)[RECORD]) == 1


def test_after_a_lost_answer_the_next_up_is_told_that_the_app_exists(stack: Stack, client: Client) -> None:
    client.plant(Plan("timeout", operation="create", target="app/tetrix"))
    stack.declare(app())
    assert stack.up().code != 0
    again = stack.up()
    assert again.code != 0
    assert "409" in again.output
    assert len(client.resources(APP)[APP]) == 1


def test_planted_secrets_are_nowhere_in_plain_text(stack: Stack, home: Path) -> None:
    stack.declare(app(), check())
    shown = stack.up().output + stack.run("preview", "--diff", "--stack=test").output
    assert PLANTED not in shown
    files = [file for folder in (home, stack.folder / "state") for file in folder.rglob("*") if file.is_file()]
    assert any(file.name == "cloud.sqlite" for file in files)
    assert [file.name for file in files if PLANTED.encode() in file.read_bytes()] == []


def test_a_killed_sandbox_comes_back_with_everything_in_it(
    stack: Stack, client: Client, endpoints: Endpoints, home: Path
) -> None:
    stack.declare(app(), record(zone(client)))
    stack.up()
    before = client.status()["apps"]
    os.kill(endpoints.pid, signal.SIGKILL)
    assert ended(endpoints.pid)
    again = control.start(home)
    assert again.pid != endpoints.pid
    assert (again.digitalocean, again.cloudflare) == (endpoints.digitalocean, endpoints.cloudflare)
    assert Client(again.control).status()["apps"] == before
    assert stack.unchanged()


CLUSTER = {"engine": "pg", "version": "17", "size": "db-s-1vcpu-2gb", "region": "fra1", "nodeCount": 1}


def test_data_services_settle(stack: Stack) -> None:
    of = {"clusterId": {"from": "pg.id"}}
    pool = {**of, "dbName": {"from": "db.name"}, "mode": "transaction", "size": 20, "name": "app"}
    stack.declare(
        resource("digitalocean/vpc", "net", {"region": "fra1"}),
        resource(
            "digitalocean/databaseCluster", "pg", {**CLUSTER, "privateNetworkUuid": {"from": "net.id"}}, outputs=["uri"]
        ),
        resource("digitalocean/databaseDb", "db", {**of, "name": "shop"}),
        resource("digitalocean/databaseUser", "user", {**of, "name": "app"}),
        resource("digitalocean/databaseConnectionPool", "pool", pool),
        resource("digitalocean/databasePostgresqlConfig", "tuning", {**of, "backupHour": 3}),
        resource("digitalocean/databaseFirewall", "wall", {**of, "rules": [{"type": "ip_addr", "value": "192.0.2.1"}]}),
        resource("digitalocean/databaseCluster", "valkey", {**CLUSTER, "engine": "valkey", "version": "8"}),
        resource(
            "digitalocean/databaseValkeyConfig", "cache", {"clusterId": {"from": "valkey.id"}, "persistence": "rdb"}
        ),
        resource("digitalocean/containerRegistry", "registry", {"subscriptionTierSlug": "basic", "name": "tetrix"}),
        resource("digitalocean/spacesBucket", "bucket", {"region": "fra1", "name": "backups"}),
        resource("digitalocean/project", "project", {"environment": "Production"}),
    )
    done = stack.up()
    assert done.code == 0, done.output
    assert stack.unchanged()
    assert "AVNS_" not in str(stack.resources())


def test_the_edge_settles(stack: Stack, client: Client) -> None:
    of = {"zoneId": zone(client)}
    cache = {
        "action": "set_cache_settings",
        "expression": 'starts_with(http.request.uri.path, "/_next/static/")',
        "actionParameters": {"cache": True, "edgeTtl": {"mode": "override_origin", "default": 31_536_000}},
    }
    header = {"X-Frame-Options": {"operation": "set", "value": "SAMEORIGIN"}}
    rewrite = {"action": "rewrite", "expression": "true", "actionParameters": {"headers": header}}
    entry = {**of, "kind": "zone", "name": "default"}
    worker = {"accountId": ACCOUNT, "scriptName": "calculations", "content": "export default {}", "mainModule": "w.mjs"}
    told = {"accountId": ACCOUNT, "name": "ops", "url": "https://hooks.example/x", "secret": {"secret": PLANTED}}
    policy = {"accountId": ACCOUNT, "name": "health", "alertType": "health_check_status_notification"}
    stack.declare(
        resource("cloudflare/ruleset", "cache", {**entry, "phase": "http_request_cache_settings", "rules": [cache]}),
        resource(
            "cloudflare/ruleset", "headers", {**entry, "phase": "http_response_headers_transform", "rules": [rewrite]}
        ),
        resource("cloudflare/zoneSetting", "ssl", {**of, "settingId": "ssl", "value": "strict"}),
        resource("cloudflare/argoTieredCaching", "argo", {**of, "value": "on"}),
        resource("cloudflare/tieredCache", "tiered", {**of, "value": "on"}, options={"depends_on": []}),
        resource("cloudflare/workersScript", "worker", worker),
        resource(
            "cloudflare/workersRoute",
            "route",
            {**of, "pattern": "tetrixcorp.com/api/*", "script": {"from": "worker.scriptName"}},
        ),
        resource("cloudflare/workersKvNamespace", "space", {"accountId": ACCOUNT, "title": "cache"}),
        resource("cloudflare/healthcheck", "origin", {**of, "name": "origin", "address": "tetrixcorp.com"}),
        resource("cloudflare/notificationPolicyWebhooks", "hook", told),
        resource(
            "cloudflare/notificationPolicy",
            "policy",
            {**policy, "mechanisms": {"webhooks": [{"id": {"from": "hook.id"}}]}},
        ),
    )
    done = stack.up()
    assert done.code == 0, done.output
    assert stack.unchanged()
