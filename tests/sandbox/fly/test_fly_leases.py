"""Leases: one holder at a time, until the lease expires or its holder lets go."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, tzinfo

import pytest
from conftest import Platform, web

pytestmark = pytest.mark.server

NONCE = "fly-machine-lease-nonce"


@pytest.fixture
def machine(platform: Platform) -> str:
    platform.app()
    return str(platform.launch()["id"])


def test_a_leased_machine_is_changed_by_its_holder_only(platform: Platform, machine: str) -> None:
    path = f"/v1/apps/paintbox/machines/{machine}"
    nonce = platform.ok("POST", f"{path}/lease?ttl=30")["data"]["nonce"]
    held = rf"machine ID {machine} lease currently held by operator@sandbox\.local, expires at 20\d\d-.*Z"
    for method, what, body in (
        ("POST", "", {"config": web()}),
        ("POST", "/stop", None),
        ("POST", "/start", None),
        ("POST", "/restart", None),
        ("POST", "/cordon", None),
        ("POST", "/suspend", None),
        ("POST", "/lease", None),
        ("DELETE", "?kill=true", None),
        ("DELETE", "/lease", None),
    ):
        status, message = platform.refused(method, path + what, body)
        assert status == 409, what
        assert re.fullmatch(held, message)
    platform.ok("POST", path, {"config": web()}, {NONCE: nonce})


def test_a_lease_is_renewed_with_its_nonce(platform: Platform, machine: str) -> None:
    path = f"/v1/apps/paintbox/machines/{machine}/lease"
    first = platform.ok("POST", f"{path}?ttl=5")["data"]
    second = platform.ok("POST", f"{path}?ttl=500", headers={NONCE: first["nonce"]})["data"]
    assert second["nonce"] == first["nonce"]
    assert second["expires_at"] > first["expires_at"]


class Later(datetime):
    """A minute later."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> Later:
        return super().now(tz) + timedelta(minutes=1)


def test_an_expired_lease_holds_nobody_back(platform: Platform, machine: str, monkeypatch: pytest.MonkeyPatch) -> None:
    path = f"/v1/apps/paintbox/machines/{machine}/lease"
    nonce = platform.ok("POST", f"{path}?ttl=60")["data"]["nonce"]
    assert platform.call("POST", path).status == 409
    monkeypatch.setattr("sandbox.fly.leases.datetime", Later)
    assert platform.call("POST", path).status == 201
    assert platform.call("POST", path, headers={NONCE: nonce}).status == 409


def test_a_released_lease_is_gone(platform: Platform, machine: str) -> None:
    path = f"/v1/apps/paintbox/machines/{machine}/lease"
    nonce = platform.ok("POST", path)["data"]["nonce"]
    assert platform.ok("GET", path)["data"]["nonce"] == nonce
    platform.ok("DELETE", path, headers={NONCE: nonce})
    assert platform.refused("GET", path) == (404, "lease not found")
    assert platform.refused("DELETE", path, headers={NONCE: nonce}) == (404, "lease not found")


def test_a_machine_can_be_launched_with_a_lease(platform: Platform) -> None:
    platform.app()
    machine = platform.launch(lease_ttl=30)
    path = f"/v1/apps/paintbox/machines/{machine['id']}"
    assert platform.call("POST", f"{path}/stop").status == 409
    platform.ok("POST", f"{path}/stop", headers={NONCE: machine["nonce"]})


def test_the_nonce_is_not_shown_to_others(platform: Platform, machine: str) -> None:
    platform.ok("POST", f"/v1/apps/paintbox/machines/{machine}/lease")
    assert "nonce" not in platform.machine(machine)
