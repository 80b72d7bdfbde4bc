"""Secrets: digests go in and out, values only in."""

from __future__ import annotations

import pytest
from conftest import Platform

SECRETS = "/v1/apps/paintbox/secrets"


def test_a_value_is_nowhere_in_the_store(platform: Platform) -> None:
    platform.app()
    platform.ok("POST", SECRETS, {"values": {"ADMIN_PASSWORD": "hunter2-really"}})
    everything = str([platform.store.all(kind) for kind in platform.store.kinds()])
    assert "ADMIN_PASSWORD" in everything
    assert "hunter2-really" not in everything
    assert "hunter2-really" not in str(platform.ok("GET", f"{SECRETS}?show_secrets=true"))


def test_a_digest_changes_with_the_value_and_with_nothing_else(platform: Platform) -> None:
    platform.app()

    def digest(value: str) -> str:
        return str(platform.ok("POST", SECRETS, {"values": {"A": value}})["secrets"][0]["digest"])

    first = digest("one")
    assert digest("two") != first
    assert digest("one") == first


def test_the_version_only_grows_also_for_an_app_made_anew(platform: Platform) -> None:
    platform.app()
    first = platform.ok("POST", SECRETS, {"values": {"A": "1"}})["version"]
    second = platform.ok("POST", SECRETS, {"values": {"A": None}})["version"]
    platform.ok("DELETE", "/v1/apps/paintbox")
    platform.app()
    third = platform.ok("POST", SECRETS, {"values": {"B": "1"}})["version"]
    assert first < second < third


def test_null_deletes_and_a_missing_one_may_be_deleted(platform: Platform) -> None:
    platform.app()
    platform.ok("POST", SECRETS, {"values": {"A": "1", "B": "2"}})
    left = platform.ok("POST", SECRETS, {"values": {"A": None, "NEVER_SET": None}})["secrets"]
    assert [secret["name"] for secret in left] == ["B"]


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        (
            "1A",
            "x",
            "Validation failed: secret name '1A' may only contain letters, digits and underscores,"
            " and may not start with a digit",
        ),
        ("A", "x\0y", "Validation failed: the value of A contains a NUL byte"),
        ("A", "x" * 65537, "Validation failed: the value of A is larger than 65536 bytes"),
    ],
)
def test_a_secret_outside_the_rules_is_refused_and_nothing_is_set(
    platform: Platform, name: str, value: str, message: str
) -> None:
    platform.app()
    assert platform.refused("POST", SECRETS, {"values": {"GOOD": "1", name: value}}) == (422, message)
    assert platform.ok("GET", SECRETS) == {"secrets": []}


def test_64_kib_is_still_a_secret(platform: Platform) -> None:
    platform.app()
    platform.ok("POST", SECRETS, {"values": {"A": "x" * 65536}})


def test_a_machine_does_not_start_with_a_version_that_does_not_exist(platform: Platform) -> None:
    platform.app()
    version = platform.ok("POST", SECRETS, {"values": {"A": "1"}})["version"]
    platform.launch(min_secrets_version=version)
    body = {"config": {"image": "slipway/paintbox:v1"}, "min_secrets_version": version + 1}
    assert platform.refused("POST", "/v1/apps/paintbox/machines", body) == (
        422,
        f"secrets version {version + 1} is not available: the latest is {version}",
    )


def test_one_secret_is_set_shown_and_deleted_by_name(platform: Platform) -> None:
    platform.app()
    digest = platform.ok("POST", f"{SECRETS}/A", {"value": "1"})["digest"]
    assert platform.ok("GET", f"{SECRETS}/A")["digest"] == digest
    platform.ok("DELETE", f"{SECRETS}/A")
    assert platform.refused("GET", f"{SECRETS}/A") == (404, "secret not found")
    assert platform.refused("DELETE", f"{SECRETS}/A") == (404, "secret not found")


def test_the_same_value_has_another_digest_in_another_sandbox(platform: Platform) -> None:
    platform.app()
    digests = set()
    for _ in range(2):
        platform.store.delete("fly/setting", "digest-salt")
        digests.add(platform.ok("POST", SECRETS, {"values": {"A": "1"}})["secrets"][0]["digest"])
    assert len(digests) == 2
