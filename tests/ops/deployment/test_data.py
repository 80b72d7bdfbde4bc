"""What holds data is seen, and what of it a way back would cost is said."""

from __future__ import annotations

from typing import Any

import pytest

from ops.deployment.data import holding, losses, named, newcomers, way_back

VOLUME = {"type": "fly:index:Volume", "app": "web", "name": "data", "region": "iad", "sizeGb": 2.0, "count": 1.0}
CLUSTER = {
    "type": "digitalocean:index/databaseCluster:DatabaseCluster",
    "name": "web-db",
    "engine": "pg",
    "version": "17",
    "region": "fra1",
    "storageSizeMib": "30720",
}


def resource(urn: str, kind: str = "some:index:Thing", **more: Any) -> dict[str, Any]:
    return {"urn": urn, "type": kind, **more}


def test_only_what_holds_data_is_kept_in_mind() -> None:
    volume = resource("v", VOLUME["type"], outputs={**VOLUME, "volumeIds": ["vol_1"]})
    assert holding([volume, resource("a", outputs={"name": "x"})]) == {"v": VOLUME}


def test_where_nothing_that_holds_data_changed_nothing_is_lost() -> None:
    assert losses({"v": VOLUME, "d": CLUSTER}, {"v": VOLUME, "d": CLUSTER}) == []


@pytest.mark.parametrize(
    ("now", "then", "loss"),
    [
        ({"v": VOLUME}, {}, "Volume data came after that release and would be removed with its data"),
        ({}, {"v": VOLUME}, "Volume data is gone; it would come back empty"),
        (
            {"v": {**VOLUME, "sizeGb": 3.0}},
            {"v": VOLUME},
            "Volume data has sizeGb 3 by now and cannot shrink back to 2",
        ),
        (
            {"v": {**VOLUME, "region": "fra"}},
            {"v": VOLUME},
            "Volume data has region fra by now; with iad it would begin empty",
        ),
        (
            {"d": {**CLUSTER, "version": "18"}},
            {"d": CLUSTER},
            "DatabaseCluster web-db runs version 18 by now, whose data version 17 cannot read",
        ),
        (
            {"d": {**CLUSTER, "storageSizeMib": "40960"}},
            {"d": CLUSTER},
            "DatabaseCluster web-db has storageSizeMib 40960 by now and cannot shrink back to 30720",
        ),
    ],
)
def test_every_loss_is_said(now: dict[str, Any], then: dict[str, Any], loss: str) -> None:
    assert losses(now, then) == [loss]


def test_what_only_grows_by_going_back_loses_nothing() -> None:
    assert losses({"v": VOLUME}, {"v": {**VOLUME, "sizeGb": 5.0, "count": 2.0}}) == []


def test_what_came_later_and_is_protected_or_holds_data_stays_with_all_that_it_needs() -> None:
    state = [
        resource("old"),
        resource("system", parent="old"),
        resource("provider"),
        resource("app", parent="system", provider="provider::id-1", protect=True),
        resource("volume", VOLUME["type"], parent="system", dependencies=["app", "address"]),
        resource("address", parent="system"),
        resource("release", parent="system", dependencies=["volume"]),
    ]
    assert newcomers(state, ["old"]) == ["address", "app", "provider", "system", "volume"]


@pytest.mark.parametrize("fresh", [resource("fresh", protect=True), resource("fresh", VOLUME["type"])])
def test_either_reason_is_enough_to_stay(fresh: dict[str, Any]) -> None:
    assert newcomers([resource("old"), fresh], ["old"]) == ["fresh"]


def test_what_came_later_and_can_go_is_not_kept() -> None:
    assert newcomers([resource("old", VOLUME["type"]), resource("record")], ["old"]) == []


def test_a_volume_that_came_later_stays_and_is_no_loss() -> None:
    then = {"urns": ["old"], "holding": holding([resource("old", VOLUME["type"])])}
    now = [resource("old", VOLUME["type"]), resource("fresh", VOLUME["type"])]
    assert way_back(now, then) == (["fresh"], [])
    assert way_back(now[1:], then) == (["fresh"], ["Volume old is gone; it would come back empty"])


def test_people_hear_of_what_exists_in_a_cloud_only() -> None:
    state = [
        resource("a::slipway:index:System::web", "slipway:index:System"),
        resource("a::provider::default", "pulumi:providers:fly", custom=True),
        resource("a::fly:index:Volume::web-volume", "fly:index:Volume", custom=True),
        resource("a::fly:index:App::other", "fly:index:App", custom=True),
    ]
    assert named(state, [part["urn"] for part in state[:3]]) == ["Volume web-volume"]
