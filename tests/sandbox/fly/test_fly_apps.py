"""Apps and organisations: names, owners, and what goes with an app."""

from __future__ import annotations

from conftest import Platform


def test_an_app_name_that_anybody_has_is_taken(platform: Platform) -> None:
    platform.ok("PUT", "/sandbox/fly/organizations/someone-else", {"member": False})
    platform.app("paintbox")
    platform.app("tattoo")
    platform.store.put("fly/app", "tattoo", {**platform.store.get("fly/app", "tattoo"), "organization": "someone-else"})
    taken = (422, "Validation failed: Name has already been taken")
    for name in ("paintbox", "tattoo"):
        assert platform.refused("POST", "/v1/apps", {"name": name, "org_slug": "personal"}) == taken


def test_somebody_elses_app_is_not_shown(platform: Platform) -> None:
    platform.ok("PUT", "/sandbox/fly/organizations/someone-else", {"member": False})
    platform.app("tattoo")
    platform.store.put("fly/app", "tattoo", {**platform.store.get("fly/app", "tattoo"), "organization": "someone-else"})
    assert platform.refused("GET", "/v1/apps/tattoo") == (401, "unauthorized")


def test_an_unknown_organization_is_refused_by_name(platform: Platform) -> None:
    answer = platform.refused("POST", "/v1/apps", {"name": "paintbox", "org_slug": "acme"})
    assert answer == (404, 'Could not find Organization with slug "acme"')


def test_an_app_name_has_lowercase_letters_digits_and_dashes_only(platform: Platform) -> None:
    for name in ("Paintbox", "paint_box", "-paintbox", "x" * 64, ""):
        status, message = platform.refused("POST", "/v1/apps", {"name": name, "org_slug": "personal"})
        assert (status, message) == (
            422,
            "Validation failed: Name may only contain numbers, lowercase letters and dashes",
        )
    platform.app("x" * 63)


def test_a_missing_app_is_not_found(platform: Platform) -> None:
    assert platform.refused("GET", "/v1/apps/paintbox") == (404, "app not found")


def test_an_app_is_pending_then_deployed_then_suspended(platform: Platform) -> None:
    platform.app()
    assert platform.ok("GET", "/v1/apps/paintbox")["status"] == "pending"
    platform.ok("POST", "/api/v1/releases", {"app_name": "paintbox", "image": "slipway/paintbox:v1"})
    machine = platform.launch()["id"]
    platform.wait(machine, "started")
    assert platform.ok("GET", "/v1/apps/paintbox")["status"] == "deployed"
    platform.ok("POST", f"/v1/apps/paintbox/machines/{machine}/stop")
    assert platform.ok("GET", "/v1/apps/paintbox")["status"] == "suspended"


def test_destroying_an_app_takes_everything_with_it(platform: Platform) -> None:
    platform.app()
    volume = platform.ok("POST", "/v1/apps/paintbox/volumes", {"name": "data", "region": "sjc", "size_gb": 1})
    platform.ok("POST", f"/v1/apps/paintbox/volumes/{volume['id']}/snapshots")
    platform.ok("POST", "/v1/apps/paintbox/secrets", {"values": {"A": "1"}})
    platform.ok("POST", "/v1/apps/paintbox/ip_assignments", {"type": "v6"})
    platform.ok("POST", "/v1/apps/paintbox/certificates/acme", {"hostname": "www.example.com"})
    platform.ok("POST", "/api/v1/releases", {"app_name": "paintbox", "image": "slipway/paintbox:v1"})
    machine = platform.launch()["id"]
    platform.wait(machine, "started")
    platform.ok("DELETE", "/v1/apps/paintbox")
    kinds = platform.store.kinds()
    left = [kind for kind in kinds if kind.startswith("fly/") and kind.split("/")[1] not in SETTINGS]
    assert left == []
    assert not platform.instances.running(machine)


SETTINGS = ("organization", "setting", "image-digest")


def test_apps_are_listed_by_organization(platform: Platform) -> None:
    platform.app("paintbox", "personal")
    platform.app("tattoo", "slipway")
    listed = platform.ok("GET", "/v1/apps?org_slug=slipway")
    assert [app["name"] for app in listed["apps"]] == ["tattoo"]
