"""Volumes: one region, one machine, never smaller."""

from __future__ import annotations

from typing import Any

import pytest
from conftest import Platform, web

VOLUMES = "/v1/apps/paintbox/volumes"


@pytest.fixture
def volume(platform: Platform) -> Any:
    platform.app()
    return platform.ok("POST", VOLUMES, {"name": "data", "region": "sjc", "size_gb": 3})


def mounted(*volumes: Any) -> dict[str, Any]:
    return web(mounts=[{"volume": volume["id"], "path": f"/data{n}"} for n, volume in enumerate(volumes)])


@pytest.mark.parametrize(
    ("request_", "message"),
    [
        ({"name": "Data-1"}, "invalid volume name 'Data-1': lowercase letters, digits and underscores, 30 at most"),
        (
            {"name": "x" * 31},
            f"invalid volume name '{'x' * 31}': lowercase letters, digits and underscores, 30 at most",
        ),
        ({"size_gb": 501}, "invalid volume size 501 GB: must be between 1 and 500 GB"),
        ({"size_gb": -1}, "invalid volume size -1 GB: must be between 1 and 500 GB"),
        ({"snapshot_retention": 61}, "invalid snapshot_retention 61: must be between 1 and 60 days"),
    ],
)
def test_a_volume_outside_the_limits_is_refused(platform: Platform, request_: dict[str, Any], message: str) -> None:
    platform.app()
    body = {"name": "data", "region": "sjc", "size_gb": 1, **request_}
    assert platform.refused("POST", VOLUMES, body) == (422, message)


def test_a_volume_has_1_gb_and_keeps_snapshots_5_days_unless_told_otherwise(platform: Platform) -> None:
    platform.app()
    volume = platform.ok("POST", VOLUMES, {"name": "data", "region": "sjc"})
    assert (volume["size_gb"], volume["snapshot_retention"], volume["encrypted"]) == (1, 5, True)


def test_a_volume_only_grows(platform: Platform, volume: Any) -> None:
    path = f"{VOLUMES}/{volume['id']}/extend"
    grown = platform.ok("PUT", path, {"size_gb": 4})
    assert (grown["volume"]["size_gb"], grown["needs_restart"]) == (4, False)
    assert platform.refused("PUT", path, {"size_gb": 3}) == (
        422,
        f"volume size can only be increased: {volume['id']} has 4 GB, 3 GB was asked",
    )
    assert platform.refused("PUT", path, {"size_gb": 501})[0] == 422
    assert platform.ok("PUT", path, {"size_gb": 500})["volume"]["size_gb"] == 500


def test_a_machine_attaches_a_volume_of_its_own_region_only(platform: Platform, volume: Any) -> None:
    body = {"region": "iad", "config": mounted(volume)}
    assert platform.refused("POST", "/v1/apps/paintbox/machines", body) == (
        422,
        f"volume {volume['id']} is in region sjc: a machine in region iad cannot attach it",
    )
    machine = platform.launch(config=mounted(volume))
    assert platform.ok("GET", f"{VOLUMES}/{volume['id']}")["attached_machine_id"] == machine["id"]
    assert machine["config"]["mounts"][0]["name"] == "data"


def test_two_machines_do_not_share_a_volume(platform: Platform, volume: Any) -> None:
    first = platform.launch(config=mounted(volume))["id"]
    answer = platform.refused("POST", "/v1/apps/paintbox/machines", {"region": "sjc", "config": mounted(volume)})
    assert answer == (412, f"volume {volume['id']} is already attached to machine {first}")
    platform.ok("DELETE", f"/v1/apps/paintbox/machines/{first}?kill=true")
    platform.launch(config=mounted(volume))


def test_a_machine_has_one_volume_at_most(platform: Platform, volume: Any) -> None:
    other = platform.ok("POST", VOLUMES, {"name": "logs", "region": "sjc"})
    body = {"region": "sjc", "config": mounted(volume, other)}
    assert platform.refused("POST", "/v1/apps/paintbox/machines", body) == (
        422,
        "invalid config.mounts: machines may only have one volume attached",
    )


def test_a_missing_volume_is_not_found(platform: Platform) -> None:
    platform.app()
    body = {"region": "sjc", "config": mounted({"id": "vol_gone"})}
    assert platform.refused("POST", "/v1/apps/paintbox/machines", body) == (404, "volume vol_gone not found")


def test_an_update_without_the_mount_lets_the_volume_go(platform: Platform, volume: Any) -> None:
    id_ = platform.launch(config=mounted(volume))["id"]
    platform.ok("POST", f"/v1/apps/paintbox/machines/{id_}", {"config": web()})
    assert platform.ok("GET", f"{VOLUMES}/{volume['id']}")["attached_machine_id"] is None


def test_an_attached_volume_is_not_destroyed(platform: Platform, volume: Any) -> None:
    id_ = platform.launch(config=mounted(volume))["id"]
    path = f"{VOLUMES}/{volume['id']}"
    assert platform.refused("DELETE", path) == (412, f"volume {volume['id']} is attached to machine {id_}")
    platform.ok("DELETE", f"/v1/apps/paintbox/machines/{id_}?kill=true")
    platform.ok("DELETE", path)
    assert platform.refused("GET", path) == (404, "volume not found")


def test_snapshots_outlive_their_volume_and_make_new_ones(platform: Platform, volume: Any) -> None:
    platform.ok("POST", f"{VOLUMES}/{volume['id']}/snapshots")
    platform.ok("DELETE", f"{VOLUMES}/{volume['id']}")
    snapshot = platform.ok("GET", f"{VOLUMES}/{volume['id']}/snapshots")[0]
    assert (snapshot["volume_size"], snapshot["retention_days"]) == (3 * 1024**3, 5)
    platform.ok("POST", VOLUMES, {"name": "data", "region": "sjc", "snapshot_id": snapshot["id"]})
    body = {"name": "data", "region": "sjc", "snapshot_id": "vs_gone"}
    assert platform.refused("POST", VOLUMES, body) == (404, "snapshot vs_gone not found")


def test_the_files_of_a_volume_go_with_its_snapshots(platform: Platform, volume: Any) -> None:
    disks = platform.path.parent / "disks"
    (disks / volume["id"] / "state.json").write_text("first")
    snapshot = platform.ok("POST", f"{VOLUMES}/{volume['id']}/snapshots")
    (disks / volume["id"] / "state.json").write_text("second")
    platform.ok("DELETE", f"{VOLUMES}/{volume['id']}")
    assert not (disks / volume["id"]).exists()
    body = {"name": "data", "region": "sjc", "snapshot_id": snapshot["id"]}
    restored = platform.ok("POST", VOLUMES, body)
    assert (restored["size_gb"], snapshot["size"]) == (3, 5)
    assert (disks / restored["id"] / "state.json").read_text() == "first"
    assert platform.refused("POST", VOLUMES, {**body, "size_gb": 2})[0] == 422


def test_retention_is_changed_within_its_limits(platform: Platform, volume: Any) -> None:
    path = f"{VOLUMES}/{volume['id']}"
    assert platform.ok("PUT", path, {"snapshot_retention": 60})["snapshot_retention"] == 60
    assert platform.refused("PUT", path, {"snapshot_retention": 61})[0] == 422
    assert platform.ok("GET", path)["snapshot_retention"] == 60


def test_a_launch_that_dies_half_way_leaves_no_volume_attached(
    platform: Platform, volume: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    put = platform.store.put

    def die(kind: str, id_: str, body: dict[str, Any]) -> None:
        if kind == "fly/machine":
            raise RuntimeError("the process ends here")
        put(kind, id_, body)

    monkeypatch.setattr(platform.store, "put", die)
    body = {"region": "sjc", "config": mounted(volume)}
    assert platform.call("POST", "/v1/apps/paintbox/machines", body).status == 500
    platform.disconnect()
    monkeypatch.undo()
    assert platform.ok("GET", f"{VOLUMES}/{volume['id']}")["attached_machine_id"] is None
