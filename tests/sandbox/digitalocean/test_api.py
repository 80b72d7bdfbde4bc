"""The emulated HTTP API of DigitalOcean, over its socket."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import pytest

from sandbox import deployments
from sandbox.digitalocean.api import vendor
from sandbox.digitalocean.api.app_spec import from_api, to_api
from sandbox.faults import Plan
from tests.sandbox.in_process import HTTP
from tests.sandbox.vendors import Vendors, vendors

pytestmark = pytest.mark.server

APP = "ca96485c-ee6b-401b-b1a2-8442c3bc7f04"
SPEC: dict[str, Any] = {
    "name": "tetrix",
    "region": "fra",
    "domainNames": [{"name": "tetrixcorp.com", "type": "PRIMARY"}],
    "services": [
        {
            "name": "web",
            "github": {"repo": "tetrix/web", "branch": "main", "deployOnPush": False},
            "instanceCount": 2,
            "instanceSizeSlug": "apps-s-1vcpu-1gb",
            "healthCheck": {"httpPath": "/api/health"},
            "envs": [{"key": "TOKEN", "value": "hunter2", "type": "SECRET", "scope": "RUN_TIME"}],
        }
    ],
    "alerts": [{"rule": "DEPLOYMENT_FAILED"}],
}


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Vendors]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(deployments, "STEP_SECONDS", 0.01)
        with vendors(tmp_path_factory.mktemp("vendors") / "home") as found:
            yield found


@pytest.fixture
def ocean(running: Vendors) -> Vendors:
    """A sandbox whose only app was deployed once."""
    running.control.clear_faults()
    for entry in running.control.resources().get("digitalocean/app", []):
        running.control.delete("digitalocean/app", entry["id"])
    running.control.seed("digitalocean/app", {"spec": copy.deepcopy(SPEC)}, APP)
    return running


def phases(ocean: Vendors) -> list[str]:
    return [found["phase"] for found in ocean.ocean("GET", f"/v2/apps/{APP}/deployments")["deployments"]]


def put(ocean: Vendors, count: int = 3, **more: Any) -> dict[str, Any]:
    spec = ocean.ocean("GET", f"/v2/apps/{APP}")["app"]["spec"]
    spec["services"][0]["instance_count"] = count
    told = ocean.ocean("PUT", f"/v2/apps/{APP}", {"spec": {**spec, **more}})
    return dict(told.get("app", told))


def test_a_spec_keeps_its_meaning_in_both_shapes() -> None:
    spec = {
        **SPEC,
        "egresses": [{"type": "AUTOASSIGN"}],
        "ingress": {
            "rules": [{"match": {"path": {"prefix": "/"}}, "cors": {"allowOrigins": {"exact": "https://a.b"}}}]
        },
        "workers": [{"name": "w", "image": {"registryType": "DOCR", "deployOnPushes": [{"enabled": True}]}}],
        "maintenance": {"offlinePageUrl": "https://a.b"},
    }
    told = to_api(spec)
    assert from_api(told) == spec
    assert told["domains"] == [{"domain": "tetrixcorp.com", "type": "PRIMARY"}]
    assert told["ingress"]["rules"][0]["cors"]["allow_origins"] == [{"exact": "https://a.b"}]
    assert (told["egress"], told["workers"][0]["image"]["deploy_on_push"]) == (
        {"type": "AUTOASSIGN"},
        {"enabled": True},
    )


@pytest.mark.parametrize(
    ("token", "method", "path", "status", "id_"),
    [
        ("wrong", "GET", "/v2/account", 401, "unauthorized"),
        (vendor.READ_ONLY_TOKEN, "POST", f"/v2/apps/{APP}/restart", 403, "forbidden"),
        (vendor.TOKEN, "GET", "/v2/apps/none", 404, "not_found"),
        (vendor.TOKEN, "GET", f"/v2/apps/{APP}/deployments/none", 404, "not_found"),
        (vendor.TOKEN, "POST", f"/v2/apps/{APP}/rollback/commit", 409, "conflict"),
    ],
)
def test_a_refusal_has_the_status_and_the_id_of_the_real_api(
    ocean: Vendors, token: str, method: str, path: str, status: int, id_: str
) -> None:
    answer = ocean.ask("digitalocean", method, path, token=token)
    assert (answer.status, answer.json()["id"]) == (status, id_)
    assert set(answer.json()) == {"id", "message", "request_id"}
    assert int(answer.headers["ratelimit-remaining"]) < int(answer.headers["ratelimit-limit"])


def test_a_read_only_token_reads_and_validates(ocean: Vendors) -> None:
    body = {"deployment_id": ocean.settled(APP)["active_deployment"]["id"]}
    told = ocean.ocean("POST", f"/v2/apps/{APP}/rollback/validate", body, token=vendor.READ_ONLY_TOKEN)
    assert told == {"valid": True}


def test_a_throttled_request_says_when_to_come_back(ocean: Vendors) -> None:
    ocean.control.plant(Plan("throttle", api="digitalocean", operation="get_app", target="app/tetrix", retry_after=7))
    answer = ocean.ask("digitalocean", "GET", f"/v2/apps/{APP}")
    assert (answer.status, answer.headers["retry-after"], answer.headers["ratelimit-remaining"]) == (429, "7", "0")
    assert answer.json()["id"] == "too_many_requests"
    assert ocean.ask("digitalocean", "GET", f"/v2/apps/{APP}").status == 200


def test_a_changed_spec_is_deployed_in_phases_and_supersedes_the_one_before(ocean: Vendors) -> None:
    told = put(ocean)
    assert told["pending_deployment"]["phase"] == "PENDING_BUILD"
    assert told["pending_deployment"]["previous_deployment_id"] == told["active_deployment"]["id"]
    settled = ocean.settled(APP)
    assert settled["active_deployment"]["id"] == told["pending_deployment"]["id"]
    assert phases(ocean) == ["ACTIVE", "SUPERSEDED"]
    assert len(ocean.ocean("GET", f"/v2/apps/{APP}/instances")["instances"]) == 3
    assert ocean.control.status()["apps"][0]["deployment"] == settled["active_deployment"]["id"]


def test_a_secret_that_is_sent_back_encrypted_stays(ocean: Vendors) -> None:
    before = ocean.settled(APP)["spec"]["services"][0]["envs"]
    assert before[0]["value"].startswith("EV[1:")
    put(ocean)
    assert ocean.settled(APP)["spec"]["services"][0]["envs"] == before


@pytest.mark.parametrize(("kind", "reason"), [("build", "the build failed"), ("unhealthy", "the health checks")])
def test_a_deployment_that_fails_leaves_what_served(ocean: Vendors, kind: Any, reason: str) -> None:
    before = ocean.settled(APP)["active_deployment"]["id"]
    ocean.control.plant(Plan(kind, target="app/tetrix"))
    put(ocean)
    assert ocean.settled(APP)["active_deployment"]["id"] == before
    failed = ocean.ocean("GET", f"/v2/apps/{APP}/deployments")["deployments"][0]
    assert failed["phase"] == "ERROR"
    assert failed["progress"]["steps"][-1]["reason"]["message"].startswith(reason)
    assert len(ocean.ocean("GET", f"/v2/apps/{APP}/instances")["instances"]) == 2


def test_a_deployment_can_be_canceled_until_it_has_ended(ocean: Vendors, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deployments, "STEP_SECONDS", 3600)  # until it is canceled
    told = ocean.ocean("POST", f"/v2/apps/{APP}/deployments", {"force_build": True})["deployment"]
    path = f"/v2/apps/{APP}/deployments/{told['id']}/cancel"
    assert ocean.ocean("POST", path)["deployment"]["phase"] == "CANCELED"
    assert ocean.ask("digitalocean", "POST", path).status == 409
    assert phases(ocean) == ["CANCELED", "ACTIVE"]


def test_a_broken_spec_is_refused_with_its_paths(ocean: Vendors) -> None:
    told = put(ocean, region="fra1")
    assert told["id"] == "bad_request"
    assert 'spec.region: "fra1" is no longer accepted' in told["message"]
    assert "spec: AppSpec has no property" in put(ocean, colour="red")["message"].replace("spec.colour", "spec")


def test_a_rollback_pins_the_app_until_it_is_committed(ocean: Vendors) -> None:
    first = ocean.settled(APP)["active_deployment"]["id"]
    put(ocean, 4)
    ocean.settled(APP)
    told = ocean.ocean("POST", f"/v2/apps/{APP}/rollback", {"deployment_id": first})["deployment"]
    assert (told["cloned_from"], told["cause_details"]["type"]) == (first, "MANUAL_ROLLBACK")
    settled = ocean.settled(APP)
    assert settled["pinned_deployment"]["id"] == told["id"] == settled["active_deployment"]["id"]
    assert settled["spec"]["services"][0]["instance_count"] == 4
    assert len(ocean.ocean("GET", f"/v2/apps/{APP}/instances")["instances"]) == 2
    for method, path in (("POST", "deployments"), ("POST", "restart")):
        assert ocean.ask("digitalocean", method, f"/v2/apps/{APP}/{path}", {}).status == 409
    assert put(ocean, 5)["id"] == "conflict"
    validated = ocean.ocean("POST", f"/v2/apps/{APP}/rollback/validate", {"deployment_id": first})
    assert (validated["valid"], validated["error"]["code"]) == (False, "app_pinned")
    assert ocean.ask("digitalocean", "POST", f"/v2/apps/{APP}/rollback/commit").status == 204
    settled = ocean.settled(APP)
    assert "pinned_deployment" not in settled
    assert settled["spec"]["services"][0]["instance_count"] == 2


def test_a_reverted_rollback_deploys_what_was_there_before(ocean: Vendors) -> None:
    first = ocean.settled(APP)["active_deployment"]["id"]
    put(ocean, 4)
    ocean.settled(APP)
    ocean.ocean("POST", f"/v2/apps/{APP}/rollback", {"deployment_id": first})
    ocean.settled(APP)
    ocean.ocean("POST", f"/v2/apps/{APP}/rollback/revert")
    assert "pinned_deployment" not in ocean.settled(APP)
    assert len(ocean.ocean("GET", f"/v2/apps/{APP}/instances")["instances"]) == 4


def test_a_rollback_without_a_pin_is_committed_at_once(ocean: Vendors) -> None:
    first = ocean.settled(APP)["active_deployment"]["id"]
    put(ocean, 4)
    ocean.settled(APP)
    ocean.ocean("POST", f"/v2/apps/{APP}/rollback", {"deployment_id": first, "skip_pin": True})
    settled = ocean.settled(APP)
    assert "pinned_deployment" not in settled
    assert settled["spec"]["services"][0]["instance_count"] == 2


def test_validation_says_why_a_rollback_is_impossible(ocean: Vendors) -> None:
    first = ocean.settled(APP)["active_deployment"]["id"]
    ocean.control.plant(Plan("build", target="app/tetrix"))
    put(ocean)
    ocean.settled(APP)
    failed = ocean.ocean("GET", f"/v2/apps/{APP}/deployments")["deployments"][0]["id"]

    def error(deployment: str) -> str:
        told = ocean.ocean("POST", f"/v2/apps/{APP}/rollback/validate", {"deployment_id": deployment})
        return str(told["error"]["code"])

    assert error(failed) == "incompatible_result"
    put(ocean, databases=[{"name": "db", "engine": "PG", "version": "16"}])
    ocean.settled(APP)
    assert error(first) == "database_config_conflict"
    refused = ocean.ask("digitalocean", "POST", f"/v2/apps/{APP}/rollback", {"deployment_id": first})
    assert (refused.status, "database_config_conflict" in refused.json()["message"]) == (400, True)


def test_archived_and_maintained_apps_answer_nothing_and_only_the_archived_has_no_instances(ocean: Vendors) -> None:
    url = ocean.control.status()["apps"][0]["url"]
    for maintenance, instances in (({"enabled": True}, 2), ({"enabled": True, "archive": True}, 0)):
        put(ocean, 2, maintenance=maintenance)
        ocean.settled(APP)
        assert HTTP.request("GET", url).status == 503
        assert len(ocean.ocean("GET", f"/v2/apps/{APP}/instances")["instances"]) == instances
    put(ocean, 2, maintenance={})
    ocean.settled(APP)
    assert HTTP.request("GET", url).status == 200


def test_a_domain_is_active_once_its_record_points_at_the_app(ocean: Vendors) -> None:
    told = ocean.settled(APP)
    assert [domain["phase"] for domain in told["domains"]] == ["CONFIGURING"]
    assert told["domains"][0]["progress"]["steps"][0]["reason"]["code"] == "CNAMEMismatch"
    zone = ocean.control.seed("cloudflare/zone", {"name": "tetrixcorp.com", "account": {"id": "a" * 32}})
    host = told["default_ingress"].removeprefix("https://")
    record = {"zoneId": zone, "name": "tetrixcorp.com", "type": "CNAME", "content": host, "ttl": 1}
    record_id = ocean.control.seed("cloudflare/dnsRecord", record)
    domain = ocean.settled(APP)["domains"][0]
    assert (domain["phase"], domain["certificate_expires_at"][:2]) == ("ACTIVE", "20")
    ocean.control.delete("cloudflare/dnsRecord", record_id)


def test_health_and_uptime_tell_of_failing_instances(ocean: Vendors) -> None:
    check = ocean.control.seed(
        "digitalocean/uptimeCheck", {"name": "web", "target": "https://tetrixcorp.com/api/health"}
    )
    path = f"/v2/uptime/checks/{check}"
    assert ocean.ocean("GET", f"{path}/state")["state"]["regions"]["eu_west"]["status"] == "UP"
    ocean.control.behave("tetrix-web-0", failing_paths=["/api/health"], memory_percent=96)
    health = ocean.ocean("GET", f"/v2/apps/{APP}/health")["app_health"]["components"][0]
    assert (health["replicas_desired"], health["replicas_ready"], health["state"]) == (2, 1, "UNHEALTHY")
    assert health["memory_usage_percent"] == 96
    ocean.control.behave("tetrix", failing_paths=["/api/health"])
    ocean.control.behave("tetrix-web-0")
    assert ocean.ocean("GET", f"{path}/state")["state"]["regions"]["eu_west"]["status"] == "DOWN"
    ocean.control.behave("tetrix")
    assert ocean.ocean("GET", path)["check"]["target"] == "https://tetrixcorp.com/api/health"


def test_logs_are_behind_addresses_that_need_no_token(ocean: Vendors) -> None:
    told = ocean.ocean("GET", f"/v2/apps/{APP}/components/web/logs?type=RUN&tail_lines=1")
    (archive,) = told["historic_urls"]
    text = HTTP.request("GET", archive).data.decode()
    assert (text.startswith("web 20"), text.count("\n"), "tetrix-web-1 started" in text) == (True, 1, True)
    live = HTTP.request("GET", told["live_url"], preload_content=False)
    assert b"started" in live.read1(200)
    live.close()
    assert HTTP.request("GET", archive.replace("/logs/", "/logs/0")).status == 404


def test_lists_come_in_pages(ocean: Vendors) -> None:
    put(ocean)
    ocean.settled(APP)
    told = ocean.ocean("GET", f"/v2/apps/{APP}/deployments?per_page=1")
    assert (len(told["deployments"]), told["meta"]) == (1, {"total": 2})
    assert told["links"]["pages"]["next"].endswith("/deployments?page=2&per_page=1")
    assert "pages" not in ocean.ocean("GET", f"/v2/apps/{APP}/deployments?per_page=1&page=2")["links"]
    assert ocean.ask("digitalocean", "GET", "/v2/apps?per_page=201").status == 400


def test_clusters_have_backups_where_their_engine_has(ocean: Vendors) -> None:
    cluster = {"name": "main-pg", "engine": "pg", "version": "17", "size": "db-s-1vcpu-1gb", "region": "fra1"}
    made = ocean.control.seed("digitalocean/databaseCluster", {**cluster, "nodeCount": 1})
    assert ocean.ocean("GET", f"/v2/databases/{made}")["database"]["num_nodes"] == 1
    assert len(ocean.ocean("GET", f"/v2/databases/{made}/backups")["backups"]) == 7
    cache = {**cluster, "name": "main-valkey", "engine": "valkey", "version": "8", "nodeCount": 1}
    made = ocean.control.seed("digitalocean/databaseCluster", cache)
    assert ocean.ask("digitalocean", "GET", f"/v2/databases/{made}/backups").status == 412


def test_what_the_account_offers(ocean: Vendors) -> None:
    assert ocean.ocean("GET", "/v2/account")["account"]["status"] == "active"
    regions = ocean.ocean("GET", "/v2/apps/regions")["regions"]
    assert next(region for region in regions if region["slug"] == "fra")["data_centers"] == ["fra1"]
    sizes = {size["slug"]: size for size in ocean.ocean("GET", "/v2/apps/tiers/instance_sizes")["instance_sizes"]}
    assert sizes["apps-d-1vcpu-1gb"]["memory_bytes"] == str(1024**3)
    assert ocean.ocean("GET", f"/v2/apps/{APP}/alerts")["alerts"][0]["spec"] == {"rule": "DEPLOYMENT_FAILED"}


def test_a_newer_deployment_ends_the_one_that_is_under_way_whoever_makes_it(
    ocean: Vendors, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as slow:
        slow.setattr(deployments, "STEP_SECONDS", 3600)  # until the newer one ends it
        put(ocean, 3)
    put(ocean, 4)
    ocean.settled(APP)
    assert phases(ocean) == ["ACTIVE", "CANCELED", "SUPERSEDED"]
    monkeypatch.setattr(deployments, "STEP_SECONDS", 3600)
    put(ocean, 3)
    ocean.control.set("digitalocean/app", APP, "spec.services[0].instanceCount", 5)
    assert phases(ocean)[:2] == ["ACTIVE", "CANCELED"]
    assert len(ocean.ocean("GET", f"/v2/apps/{APP}/instances")["instances"]) == 5
