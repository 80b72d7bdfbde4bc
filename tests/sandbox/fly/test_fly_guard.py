"""What every request passes: token, limits, faults, one transaction; and what a restart finds."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from conftest import Platform, web

from sandbox.fly import graphql
from sandbox.store import Store
from tests.patience import eventually

pytestmark = pytest.mark.server


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer nonsense", "Basic sandbox2"])
def test_a_request_without_a_good_token_is_refused(platform: Platform, header: str) -> None:
    answer = platform.refused("GET", "/v1/apps/paintbox", headers={"Authorization": header})
    assert answer == (401, "You must be authenticated to view this.")


@pytest.mark.parametrize("header", ["Bearer sandbox", "Bearer fo1_abc", "FlyV1 fm2_abc", "Bearer dummy"])
def test_what_looks_like_a_token_is_accepted_until_it_is_revoked(platform: Platform, header: str) -> None:
    headers = {"Authorization": header}
    platform.ok("GET", "/v1/platform/regions", headers=headers)
    platform.ok("PUT", "/sandbox/fly/tokens", {"token": header.split()[1], "valid": False})
    assert platform.call("GET", "/v1/platform/regions", headers=headers).status == 401
    assert header.split()[1] not in str(platform.store.all("fly/token"))


def test_a_token_of_any_form_is_accepted_when_told_so(platform: Platform) -> None:
    platform.ok("PUT", "/sandbox/fly/tokens", {"token": "nonsense", "valid": True})
    platform.ok("GET", "/v1/platform/regions", headers={"Authorization": "Bearer nonsense"})


def test_on_request_a_machine_takes_one_write_of_a_kind_per_second_after_a_burst_of_three(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sandbox.fly.limits.time", SimpleNamespace(monotonic=lambda: 1.0))
    platform.app()
    id_ = platform.launch()["id"]
    platform.ok("PUT", "/sandbox/fly/limits", {"on": True})
    path = f"/v1/apps/paintbox/machines/{id_}"
    statuses = [platform.call("POST", f"{path}/cordon").status for _ in range(4)]
    assert statuses == [200, 200, 200, 429]
    reads = [platform.call("GET", path).status for _ in range(11)]
    assert reads == [200] * 10 + [429]
    refused = platform.call("GET", path)
    assert refused.headers["Retry-After"] == "1"
    assert refused.body["error"] == (
        f"rate limit exceeded: machine_get for app/paintbox/machine/{id_}, at most 5 requests per second"
    )


def test_limits_are_off_unless_asked_for(platform: Platform) -> None:
    platform.app()
    assert {platform.call("GET", "/v1/apps/paintbox").status for _ in range(20)} == {200}


def test_a_planted_429_keeps_the_request_from_happening(platform: Platform) -> None:
    platform.app()
    platform.plant(kind="throttle", operation="volume_create", target="app/paintbox", retry_after=7)
    body = {"name": "data", "region": "sjc"}
    answer = platform.call("POST", "/v1/apps/paintbox/volumes", body)
    assert (answer.status, answer.headers["Retry-After"]) == (429, "7")
    assert platform.ok("GET", "/v1/apps/paintbox/volumes") == []
    platform.ok("POST", "/v1/apps/paintbox/volumes", body)


def test_a_lost_answer_leaves_the_work_done(platform: Platform) -> None:
    platform.app()
    platform.plant(kind="timeout", operation="machine_launch")
    answer = platform.call("POST", "/v1/apps/paintbox/machines", {"region": "sjc", "config": web()})
    assert answer.status == 504
    machines = platform.ok("GET", "/v1/apps/paintbox/machines")
    assert [machine["region"] for machine in machines] == ["sjc"]
    eventually(lambda: platform.instances.running(machines[0]["id"]))


def test_a_fault_names_a_graphql_operation_by_its_first_field(platform: Platform) -> None:
    platform.app()
    platform.plant(kind="error", operation="graphql_app", target="app/paintbox", status=500)
    query = {"query": "query ($appName: String!) { app(name: $appName) { id } }", "variables": {"appName": "paintbox"}}
    assert platform.call("POST", "/graphql", query).status == 500
    assert platform.call("POST", "/graphql", query).status == 200


def test_graphql_answers_aliases_arguments_and_several_fields(platform: Platform) -> None:
    platform.app()
    answer = platform.graphql(
        'query ($appName: String!) { small:app(name: $appName) { id organization { id slug } } app(name: "paintbox")'
        " { name } viewer { ... on User { email } } }",
        appName="paintbox",
    )
    assert answer["data"]["small"]["organization"]["slug"] == "personal"
    assert answer["data"]["app"]["name"] == "paintbox"
    assert answer["data"]["viewer"]["email"] == "operator@sandbox.local"


def test_a_graphql_refusal_has_status_200_a_path_and_a_code(platform: Platform) -> None:
    answer = platform.graphql("query ($name: String!) { app(name: $name) { id } }", name="gone")
    assert answer == {
        "data": {"app": None},
        "errors": [
            {"message": 'Could not find App "gone"', "path": ["app"], "extensions": {"code": "NOT_FOUND"}},
        ],
    }


def test_a_graphql_field_the_emulation_lacks_is_named(platform: Platform) -> None:
    answer = platform.graphql("query { weather { today } }")
    assert answer["errors"][0]["message"] == "Field 'weather' doesn't exist on type 'Query'"


def test_the_first_level_of_a_query_is_found_among_braces_comments_and_defaults() -> None:
    query = """
        # a comment with { braces
        mutation Deep($input: ThingInput! = {a: 1}) {
          first(input: $input, limit: 3) { a { b } }
          alias: second { c }
        }
        fragment F on App { id }
    """
    found = graphql.fields(query, {"input": {"x": 1}})
    assert found == [("first", "first", {"input": {"x": 1}, "limit": 3}), ("alias", "second", {})]


@pytest.mark.parametrize("body", [[1], "text", 3])
def test_a_body_that_is_no_object_is_refused(platform: Platform, body: Any) -> None:
    assert platform.refused("POST", "/v1/apps", body) == (400, "invalid request body: must be a JSON object")


def test_after_a_restart_everything_that_was_started_serves_again_at_the_same_address(own_platform: Platform) -> None:
    own_platform.app()
    started = own_platform.launch(config=web())["id"]
    stopped = own_platform.launch(config=web())["id"]
    own_platform.wait(started, "started")
    own_platform.wait(stopped, "started")
    own_platform.ok("POST", f"/v1/apps/paintbox/machines/{stopped}/stop")
    url = own_platform.front()["url"]
    eventually(lambda: own_platform.fetch(f"{url}/ready").status == 200)
    own_platform.close()
    again = Platform(own_platform.path)
    try:
        assert again.front()["url"] == url
        eventually(lambda: again.fetch(f"{url}/ready").status == 200)
        assert again.fetch(f"{url}/ready").headers["x-slipway-instance"] == started
        assert not again.instances.running(stopped)
        assert again.machine(stopped)["state"] == "stopped"
    finally:
        again.close()


def test_a_change_written_by_a_killed_process_is_carried_out_at_the_next_start(own_platform: Platform) -> None:
    own_platform.app()
    id_ = own_platform.launch(config=web())["id"]
    own_platform.wait(id_, "started")
    own_platform.close()
    store = Store(own_platform.path)
    store.put("fly/machine", id_, {**(store.get("fly/machine", id_) or {}), "state": "stopping", "goal": "stopped"})
    store.close()
    again = Platform(own_platform.path)
    try:
        assert again.machine(id_)["state"] == "stopped"
        assert not again.instances.running(id_)
    finally:
        again.close()
