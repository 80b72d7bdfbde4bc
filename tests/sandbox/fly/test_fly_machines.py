"""Machines: sizes, regions, states, versions and what a change does to the running server."""

from __future__ import annotations

import pytest
from conftest import Platform, web

from tests.patience import eventually

pytestmark = pytest.mark.server


@pytest.mark.parametrize(
    ("guest", "message"),
    [
        ({"cpus": 3}, "invalid config.guest.cpus for shared, 3 must be one of: 1, 2, 4, 6, 8"),
        ({"cpu_kind": "huge"}, "invalid config.guest.cpu_kind, 'huge' must be one of: shared, performance"),
        (
            {"cpus": 4, "memory_mb": 512},
            "invalid config.guest.memory_mb, minimum required 1024 MiB and maximum allowed 8192 MiB"
            " for 4 shared CPUs, got 512 MiB",
        ),
        (
            {"cpu_kind": "performance", "cpus": 1, "memory_mb": 8448},
            "invalid config.guest.memory_mb, minimum required 2048 MiB and maximum allowed 8192 MiB"
            " for 1 performance CPUs, got 8448 MiB",
        ),
        ({"cpus": 1, "memory_mb": 300}, "invalid config.guest.memory_mb, must be in a 256 MiB increment, got 300"),
    ],
)
def test_a_size_that_does_not_exist_is_refused(platform: Platform, guest: dict[str, object], message: str) -> None:
    platform.app()
    body = {"region": "sjc", "config": {"image": "slipway/paintbox:v1", "guest": guest}}
    assert platform.refused("POST", "/v1/apps/paintbox/machines", body) == (422, message)


@pytest.mark.parametrize("memory", [512, 4096])
def test_both_ends_of_a_sizes_memory_range_are_allowed(platform: Platform, memory: int) -> None:
    platform.app()
    machine = platform.launch(config={"guest": {"cpu_kind": "shared", "cpus": 2, "memory_mb": memory}})
    assert machine["config"]["guest"]["memory_mb"] == memory


def test_an_unknown_region_is_refused(platform: Platform) -> None:
    platform.app()
    status, message = platform.refused(
        "POST", "/v1/apps/paintbox/machines", {"region": "atlantis", "config": {"image": "slipway/paintbox:v1"}}
    )
    assert status == 422
    assert message.startswith("invalid region 'atlantis': must be one of ams, arn,")


def test_a_full_region_takes_no_machine_and_one_left_takes_one(platform: Platform) -> None:
    platform.app()
    platform.ok("PUT", "/sandbox/fly/regions/sjc", {"capacity": 1})
    first = platform.launch()["id"]
    answer = platform.call("POST", "/v1/apps/paintbox/machines", {"region": "sjc", "config": web()})
    assert (answer.status, answer.body["status"]) == (422, "insufficient_capacity")
    assert answer.body["error"] == (
        "insufficient resources available to fulfill request: no capacity left in region sjc"
    )
    platform.ok("DELETE", f"/v1/apps/paintbox/machines/{first}?kill=true")
    platform.launch()


def test_a_soft_limit_above_the_hard_limit_is_refused(platform: Platform) -> None:
    platform.app()
    config = web()
    config["services"][0]["concurrency"] = {"soft_limit": 200, "hard_limit": 150}
    answer = platform.refused("POST", "/v1/apps/paintbox/machines", {"region": "sjc", "config": config})
    assert answer == (
        422,
        "invalid config.services concurrency: soft_limit 200 must not be larger than hard_limit 150",
    )


def test_a_machine_name_is_unique_in_its_app(platform: Platform) -> None:
    platform.app()
    platform.launch(name="web-1")
    answer = platform.refused("POST", "/v1/apps/paintbox/machines", {"name": "web-1", "config": web()})
    assert answer == (
        409,
        "already_exists: unique machine name violation, machine name 'web-1' is taken",
    )


def test_a_machine_goes_from_started_to_stopped_and_back(platform: Platform) -> None:
    platform.app()
    id_ = platform.launch(config=web())["id"]
    platform.wait(id_, "started")
    assert platform.instances.running(id_)
    platform.ok("POST", f"/v1/apps/paintbox/machines/{id_}/stop")
    platform.wait(id_, "stopped")
    assert not platform.instances.running(id_)
    assert platform.ok("POST", f"/v1/apps/paintbox/machines/{id_}/start")["previous_state"] == "stopped"
    platform.wait(id_, "started")
    kinds = [(event["type"], event["status"]) for event in platform.machine(id_)["events"]]
    assert kinds == [
        ("start", "started"),
        ("start", "starting"),
        ("exit", "stopped"),
        ("stop", "stopping"),
        ("start", "started"),
        ("launch", "created"),
    ]


def test_a_machine_launched_with_skip_launch_stays_created(platform: Platform) -> None:
    platform.app()
    id_ = platform.launch(skip_launch=True)["id"]
    assert platform.machine(id_)["state"] == "created"
    assert platform.refused("POST", f"/v1/apps/paintbox/machines/{id_}/stop")[0] == 400


def test_waiting_ends_with_a_time_out_that_names_the_state(platform: Platform) -> None:
    platform.app()
    id_ = platform.launch(skip_launch=True)["id"]
    answer = platform.refused("GET", f"/v1/apps/paintbox/machines/{id_}/wait?state=started&timeout=0.05")
    assert answer == (
        408,
        "deadline_exceeded: machine failed to reach desired state, currently created, wanted started",
    )


def test_waiting_for_a_machine_that_is_gone_is_over_at_once(platform: Platform) -> None:
    platform.app()
    id_ = platform.launch()["id"]
    platform.ok("DELETE", f"/v1/apps/paintbox/machines/{id_}?kill=true")
    platform.wait(id_, "destroyed")
    assert platform.refused("GET", f"/v1/apps/paintbox/machines/{id_}/wait?state=started")[0] == 404


def test_a_started_machine_is_destroyed_by_force_only(platform: Platform) -> None:
    platform.app()
    id_ = platform.launch()["id"]
    platform.wait(id_, "started")
    answer = platform.refused("DELETE", f"/v1/apps/paintbox/machines/{id_}?kill=false")
    assert answer == (
        400,
        "failed_precondition: unable to destroy machine, not currently stopped, state started",
    )
    platform.ok("DELETE", f"/v1/apps/paintbox/machines/{id_}?kill=true")
    assert platform.refused("GET", f"/v1/apps/paintbox/machines/{id_}") == (404, f"machine not found: {id_}")
    assert not platform.instances.running(id_)


def test_an_update_replaces_the_server_and_gives_the_machine_a_new_version(platform: Platform) -> None:
    platform.app()
    before = platform.launch(config=web("slipway/paintbox:v1"))
    platform.wait(before["id"], "started")
    after = platform.ok("POST", f"/v1/apps/paintbox/machines/{before['id']}", {"config": web("slipway/paintbox:v2")})
    assert after["instance_id"] != before["instance_id"]
    platform.ok(
        "GET",
        f"/v1/apps/paintbox/machines/{before['id']}/wait?state=started&instance_id={after['instance_id']}&timeout=20",
    )
    url = platform.front()["machines"][0]["url"]
    assert platform.fetch(f"{url}/ready").json()["version"] == "v2"


def test_an_update_that_expects_another_version_is_a_conflict(platform: Platform) -> None:
    platform.app()
    machine = platform.launch()
    body = {"config": web(), "current_version": "01OLD"}
    answer = platform.refused("POST", f"/v1/apps/paintbox/machines/{machine['id']}", body)
    assert answer == (
        409,
        f"machine version mismatch: current version is {machine['instance_id']}, not 01OLD",
    )


def test_a_refused_update_changes_nothing(platform: Platform) -> None:
    platform.app()
    id_ = platform.launch(config=web())["id"]
    platform.wait(id_, "started")
    before = platform.machine(id_)
    platform.refused("POST", f"/v1/apps/paintbox/machines/{id_}", {"config": web("slipway/paintbox:nowhere")})
    assert platform.machine(id_) == before


def test_a_restart_runs_the_same_version_once_more(platform: Platform) -> None:
    platform.app()
    machine = platform.launch()
    platform.wait(machine["id"], "started")
    platform.ok("POST", f"/v1/apps/paintbox/machines/{machine['id']}/restart?force_stop=false")
    eventually(lambda: platform.machine(machine["id"])["state"] == "started")
    after = platform.machine(machine["id"])
    assert after["instance_id"] == machine["instance_id"]
    assert [event["type"] for event in after["events"]].count("start") == 2


def test_a_crashing_image_is_restarted_until_its_policy_says_no_more(platform: Platform) -> None:
    platform.app()
    platform.ok("PUT", "/sandbox/fly/images", {"reference": "slipway/paintbox:bad", "crash_after_seconds": 0.02})
    restart = {"policy": "on-failure", "max_retries": 2}
    id_ = platform.launch(config=web("slipway/paintbox:bad", restart=restart))["id"]
    platform.wait(id_, "stopped")
    exits = [event["request"] for event in platform.machine(id_)["events"] if event["type"] == "exit"]
    assert [(entry["restart_count"], entry["exit_event"]["restarting"]) for entry in exits] == [
        (3, False),
        (2, True),
        (1, True),
    ]
    assert {entry["exit_event"]["exit_code"] for entry in exits} == {1}


def test_a_machine_whose_policy_is_no_stays_down_after_a_crash(platform: Platform) -> None:
    platform.app()
    config = web("slipway/paintbox:v1-crash", restart={"policy": "no"})
    id_ = platform.launch(config=config)["id"]
    platform.wait(id_, "stopped")
    assert [event["type"] for event in platform.machine(id_)["events"]].count("start") == 1


def test_metadata_is_read_written_and_deleted(platform: Platform) -> None:
    platform.app()
    id_ = platform.launch(config={"metadata": {"fly_process_group": "app"}})["id"]
    path = f"/v1/apps/paintbox/machines/{id_}/metadata"
    platform.ok("POST", f"{path}/colour", {"value": "green"})
    assert platform.ok("GET", path) == {"fly_process_group": "app", "colour": "green"}
    platform.ok("DELETE", f"{path}/colour")
    assert platform.ok("GET", path) == {"fly_process_group": "app"}


def test_a_request_wakes_a_stopped_machine_unless_it_is_cordoned_or_may_not_be_started(platform: Platform) -> None:
    platform.app()
    config = web()
    config["services"][0]["autostart"] = True
    machine = platform.launch(config=config)["id"]
    platform.wait(machine, "started")
    url = platform.front()["url"]
    place = f"/v1/apps/paintbox/machines/{machine}"
    for cordoned, status, state in ((False, 200, "started"), (True, 503, "stopped")):
        platform.ok("POST", f"{place}/{'cordon' if cordoned else 'uncordon'}")
        platform.ok("POST", f"{place}/stop")
        platform.wait(machine, "stopped")
        assert platform.fetch(url).status == status
        assert platform.machine(machine)["state"] == state
    config["services"][0]["autostart"] = False
    platform.ok("POST", place, {"config": config, "skip_launch": True})
    platform.ok("POST", f"{place}/uncordon")
    assert platform.fetch(url).status == 503
