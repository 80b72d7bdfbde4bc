"""Health checks and routing: what a machine's real server answers decides what a client of the app gets."""

from __future__ import annotations

import threading
from types import SimpleNamespace
from typing import Any

import pytest
from conftest import CHECK, Platform, web

from sandbox.fly.checks import of_config, seconds
from tests.patience import eventually

pytestmark = pytest.mark.server


def statuses(platform: Platform, id_: str) -> dict[str, str]:
    return {check["name"]: check["status"] for check in platform.machine(id_)["checks"]}


def test_checks_pass_as_soon_as_the_machine_is_started(platform: Platform) -> None:
    platform.app()
    tcp = {"type": "tcp", "port": 8080, "interval": "30s"}
    id_ = platform.launch(config=web(checks={"port": tcp}))["id"]
    platform.wait(id_, "started")
    checks = {check["name"]: check for check in eventually(lambda: passing(platform, id_))}
    assert set(checks) == {"port", "servicecheck-00-http-8080"}
    assert checks["port"]["output"] == "Success"
    assert checks["servicecheck-00-http-8080"]["output"].startswith("HTTP GET /ready: 200 OK Output: ")


def passing(platform: Platform, id_: str) -> Any:
    checks = platform.machine(id_)["checks"]
    return checks if all(check["status"] == "passing" for check in checks) else None


def test_a_failing_check_is_a_warning_in_its_grace_period_and_critical_after_it(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [0.0]
    monkeypatch.setattr("sandbox.fly.checks.time", SimpleNamespace(monotonic=lambda: now[0]))
    platform.app()
    id_ = platform.launch(config=web("slipway/paintbox:v1-unhealthy"))["id"]
    platform.wait(id_, "started")

    def failed() -> str:
        check = platform.machine(id_)["checks"][0]
        assert check["output"].startswith("HTTP GET /ready: 503 Service Unavailable Output: ")
        return str(check["status"])

    assert eventually(failed) == "warning"
    now[0] = 0.2
    eventually(lambda: failed() == "critical")


def test_a_check_on_a_port_the_image_does_not_listen_on_is_refused(platform: Platform) -> None:
    platform.app()
    platform.ok("PUT", "/sandbox/fly/images", {"reference": "slipway/paintbox:odd", "listens_on": 3000})
    id_ = platform.launch(config=web("slipway/paintbox:odd"))["id"]
    platform.wait(id_, "started")
    eventually(lambda: platform.machine(id_)["checks"][0]["output"] == "connect: connection refused")


def test_a_slow_image_gets_no_requests_before_it_listens(platform: Platform, time_passes: threading.Event) -> None:
    platform.app()
    platform.ok("PUT", "/sandbox/fly/images", {"reference": "slipway/paintbox:slow", "boot_seconds": 0.3})
    id_ = platform.launch(config=web("slipway/paintbox:slow"))["id"]
    platform.wait(id_, "started")
    url = platform.front()["url"]
    assert platform.fetch(f"{url}/").status == 503
    time_passes.set()
    eventually(lambda: platform.fetch(f"{url}/").status == 200)


def test_a_failing_top_level_check_informs_but_keeps_the_machine_in_rotation(platform: Platform) -> None:
    platform.app()
    image = {"reference": "slipway/paintbox:deep", "failing_paths": ["/api/health"]}
    platform.ok("PUT", "/sandbox/fly/images", image)
    deep = {**CHECK, "path": "/api/health", "port": 8080}
    id_ = platform.launch(config=web("slipway/paintbox:deep", checks={"deep": deep}))["id"]
    platform.wait(id_, "started")
    eventually(lambda: statuses(platform, id_) == {"deep": "critical", "servicecheck-00-http-8080": "passing"})
    url = platform.front()["url"]
    assert platform.fetch(f"{url}/api/health").status == 503
    assert platform.fetch(f"{url}/ready").status == 200


def test_a_cordoned_machine_gets_no_requests(platform: Platform) -> None:
    platform.app()
    ids = [platform.launch(config=web())["id"] for _ in range(2)]
    for id_ in ids:
        platform.wait(id_, "started")
    url = platform.front()["url"]

    def serving() -> set[str]:
        return {platform.fetch(f"{url}/").headers.get("x-slipway-instance", "") for _ in range(4)}

    eventually(lambda: serving() == set(ids))
    platform.ok("POST", f"/v1/apps/paintbox/machines/{ids[0]}/cordon")
    assert serving() == {ids[1]}
    platform.ok("POST", f"/v1/apps/paintbox/machines/{ids[0]}/uncordon")
    assert serving() == set(ids)


def test_a_machine_launched_without_registration_gets_requests_when_uncordoned(platform: Platform) -> None:
    platform.app()
    id_ = platform.launch(config=web(), skip_service_registration=True)["id"]
    platform.wait(id_, "started")
    url = platform.front()["url"]
    assert platform.fetch(f"{url}/").status == 503
    platform.ok("POST", f"/v1/apps/paintbox/machines/{id_}/uncordon")
    eventually(lambda: platform.fetch(f"{url}/").status == 200)


def test_a_machine_without_services_gets_no_requests(platform: Platform) -> None:
    platform.app()
    platform.wait(platform.launch()["id"], "started")
    assert platform.fetch(f"{platform.front()['url']}/").status == 503


def test_no_request_fails_while_one_machine_after_the_other_is_replaced(platform: Platform) -> None:
    platform.app()
    ids = [platform.launch(config=web())["id"] for _ in range(2)]
    for id_ in ids:
        platform.wait(id_, "started")
    eventually(lambda: all(passing(platform, id_) for id_ in ids))
    url, seen, over = platform.front()["url"], [], threading.Event()

    def client() -> None:
        while not over.is_set():
            answer = platform.fetch(f"{url}/ready")
            seen.append((answer.status, answer.json()["version"] if answer.status == 200 else ""))

    thread = threading.Thread(target=client)
    thread.start()
    eventually(lambda: seen)
    for id_ in ids:
        version = platform.ok("POST", f"/v1/apps/paintbox/machines/{id_}", {"config": web("slipway/paintbox:v2")})
        wait = f"/v1/apps/paintbox/machines/{id_}/wait?state=started&instance_id={version['instance_id']}"
        platform.ok("GET", wait)
        eventually(lambda id_=id_: passing(platform, id_))  # type: ignore[misc]
    over.set()
    thread.join()
    assert {status for status, _ in seen} == {200}
    assert {platform.fetch(f"{url}/ready").json()["version"] for _ in range(4)} == {"v2"}


@pytest.mark.parametrize(
    ("duration", "expected"), [("1m30s", 90), ("250ms", 0.25), (2_000_000_000, 2), (None, 7), ("", 7), ("1h", 3600)]
)
def test_a_duration_is_go_text_or_nanoseconds(duration: object, expected: float) -> None:
    assert seconds(duration, 7) == expected


def test_checks_of_several_services_are_numbered_through() -> None:
    services = [
        {"internal_port": 8080, "checks": [{"type": "http"}, {"type": "tcp"}]},
        {"internal_port": 9090, "checks": [{"type": "tcp", "port": 9091}]},
    ]
    config = {"services": services, "checks": {"deep": {"type": "http", "port": 8080}}}
    assert [check.name for check in of_config(config)] == [
        "deep",
        "servicecheck-00-http-8080",
        "servicecheck-01-tcp-8080",
        "servicecheck-02-tcp-9091",
    ]


def test_the_log_tells_of_start_failing_check_and_stop(platform: Platform) -> None:
    platform.app()
    id_ = platform.launch(config=web("slipway/paintbox:v1-unhealthy"))["id"]
    platform.wait(id_, "started")
    eventually(lambda: statuses(platform, id_)["servicecheck-00-http-8080"] == "critical")
    platform.ok("POST", f"/v1/apps/paintbox/machines/{id_}/stop")
    page = platform.ok("GET", f"/api/v1/apps/paintbox/logs?next_token=&instance={id_}")
    lines = [(entry["attributes"]["level"], entry["attributes"]["message"]) for entry in page["data"]]
    assert lines[0][1].startswith("Pulling container image registry-1.docker.io/slipway/paintbox@sha256:")
    assert lines[1] == ("info", "Machine started, version v1-unhealthy")
    failed = "Health check 'servicecheck-00-http-8080' on port 8080 has failed: HTTP GET /ready: 503"
    assert lines[2][0] == "error"
    assert lines[2][1].startswith(failed)
    assert lines[-1] == ("info", "Main child exited normally with code: 0")
    after = platform.ok("GET", f"/api/v1/apps/paintbox/logs?next_token={page['meta']['next_token']}")
    assert after == {"data": [], "meta": page["meta"]}


def test_a_machine_that_answers_on_another_port_than_its_service_gets_no_requests(platform: Platform) -> None:
    platform.app()
    platform.ok("PUT", "/sandbox/fly/images", {"reference": "slipway/paintbox:odd", "listens_on": 3000})
    id_ = platform.launch(config=web("slipway/paintbox:odd"))["id"]
    platform.wait(id_, "started")
    eventually(lambda: statuses(platform, id_)["servicecheck-00-http-8080"] == "critical")
    assert platform.fetch(f"{platform.front()['url']}/").status == 503
