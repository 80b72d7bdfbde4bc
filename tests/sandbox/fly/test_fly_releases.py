"""Releases and images: numbers, states, digests, and images that are not there."""

from __future__ import annotations

import pytest
from conftest import Platform

from sandbox.fly import images
from sandbox.fly.errors import NotFoundError


def release(platform: Platform, image: str = "slipway/paintbox:v1") -> dict[str, object]:
    body = {"app_name": "paintbox", "image": image, "strategy": "ROLLING", "definition": {"app": "paintbox"}}
    return dict(platform.ok("POST", "/api/v1/releases", body)["release"])


def test_releases_are_numbered_on_and_listed_newest_first(platform: Platform) -> None:
    platform.app()
    first, second = release(platform), release(platform)
    assert (first["version"], second["version"], first["status"]) == (1, 2, "pending")
    listed = platform.ok("GET", "/api/v1/apps/paintbox/releases?limit=1")["releases"]
    assert [entry["version"] for entry in listed] == [2]
    assert platform.ok("GET", "/api/v1/apps/paintbox/releases/current")["version"] == 2


def test_a_release_ends_complete_failed_or_interrupted(platform: Platform) -> None:
    platform.app()
    path = f"/api/v1/releases/{release(platform)['id']}"
    for status, stable, running in (
        ("running", False, True),
        ("complete", True, False),
        ("failed", False, False),
        ("interrupted", False, False),
    ):
        shown = platform.ok("PATCH", path, {"status": status})
        assert (shown["status"], shown["stable"], shown["in_progress"]) == (status, stable, running)
    assert platform.refused("PATCH", path, {"status": "great"})[0] == 422
    assert platform.refused("PATCH", "/api/v1/releases/gone", {"status": "failed"}) == (404, "release not found")


def test_before_the_first_release_there_is_no_current_one(platform: Platform) -> None:
    platform.app()
    assert platform.refused("GET", "/api/v1/apps/paintbox/releases/current") == (404, "no current release")


def test_a_release_keeps_the_digest_of_its_image(platform: Platform) -> None:
    platform.app()
    reference = str(release(platform)["image_ref"])
    assert reference.startswith("registry-1.docker.io/slipway/paintbox:v1@sha256:")
    assert release(platform, reference)["image_ref"] == reference


def test_an_image_that_does_not_exist_cannot_be_released(platform: Platform) -> None:
    platform.app()
    body = {"app_name": "paintbox", "image": "registry.fly.io/paintbox:gone"}
    assert platform.refused("POST", "/api/v1/releases", body) == (
        404,
        'Could not find image "registry.fly.io/paintbox:gone"',
    )


@pytest.mark.parametrize(
    "reference",
    [
        "slipway/paintbox:v1",
        "docker.io/slipway/paintbox:1.4.0-rc1",
        "slipway/paintbox",
        "redis:7.4-alpine",
        "registry.fly.io/paintbox:deployment-01HX",
    ],
)
def test_an_image_that_follows_the_convention_exists(platform: Platform, reference: str) -> None:
    platform.app()
    assert images.resolve(platform.store, reference).behaviour["version"] != ""


@pytest.mark.parametrize(
    "reference",
    [
        "registry.fly.io/somebody:v1",
        "ghcr.io/slipway/paintbox:v1",
        "slipway/paintbox:main",
        "nobody/paintbox:v1",
        f"slipway/paintbox@sha256:{'0' * 64}",
        "not an image",
        "",
    ],
)
def test_any_other_image_does_not(platform: Platform, reference: str) -> None:
    platform.app()
    with pytest.raises(NotFoundError, match="Could not find image"):
        images.resolve(platform.store, reference)


def test_a_catalogued_image_exists_under_each_spelling_and_by_its_digest(platform: Platform) -> None:
    digest = f"sha256:{'a' * 64}"
    image = {"reference": "ghcr.io/slipway/paintbox:main", "version": "9", "digest": digest, "boot_seconds": 2}
    platform.ok("PUT", "/sandbox/fly/images", image)
    for reference in ("ghcr.io/slipway/paintbox:main", f"ghcr.io/slipway/paintbox@{digest}"):
        found = images.resolve(platform.store, reference)
        assert (found.digest, found.behaviour["version"], found.behaviour["boot_seconds"]) == (digest, "9", 2)


def test_an_unknown_key_of_an_image_is_refused(platform: Platform) -> None:
    status, message = platform.refused("PUT", "/sandbox/fly/images", {"reference": "a:1", "boots": 2})
    assert (status, message.split(":")[0]) == (422, "unknown key 'boots' of image a")
    assert platform.refused("PUT", "/sandbox/fly/images", {"boot_seconds": 2})[0] == 422


def test_the_same_image_has_the_same_digest_until_it_behaves_differently(platform: Platform) -> None:
    first = images.resolve(platform.store, "slipway/paintbox:v1").digest
    assert images.resolve(platform.store, "slipway/paintbox:v1").digest == first
    assert images.resolve(platform.store, "slipway/paintbox:v2").digest != first
    platform.ok("PUT", "/sandbox/fly/images", {"reference": "slipway/paintbox:v1", "boot_seconds": 1})
    assert images.resolve(platform.store, "slipway/paintbox:v1").digest != first
