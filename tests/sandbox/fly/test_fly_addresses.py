"""Addresses and certificates."""

from __future__ import annotations

import ipaddress

import pytest
from conftest import Platform

IPS = "/v1/apps/paintbox/ip_assignments"
CERTIFICATES = "/v1/apps/paintbox/certificates"


@pytest.mark.parametrize(
    ("type_", "network"),
    [("v4", "203.0.113.0/24"), ("shared_v4", "192.0.2.0/24"), ("v6", "2001:db8::/32"), ("private_v6", "fdaa::/16")],
)
def test_an_address_is_out_of_a_range_that_belongs_to_nobody(platform: Platform, type_: str, network: str) -> None:
    platform.app()
    found = platform.ok("POST", IPS, {"type": type_})
    assert ipaddress.ip_address(found["ip"]) in ipaddress.ip_network(network)
    assert found["shared"] == (type_ == "shared_v4")


def test_the_shared_address_is_assigned_once_and_others_each_time(platform: Platform) -> None:
    platform.app()
    shared = {platform.ok("POST", IPS, {"type": "shared_v4"})["ip"] for _ in range(2)}
    dedicated = {platform.ok("POST", IPS, {"type": "v4"})["ip"] for _ in range(2)}
    assert (len(shared), len(dedicated)) == (1, 2)
    assert len(platform.ok("GET", IPS)["ips"]) == 3


def test_an_address_is_released_once(platform: Platform) -> None:
    platform.app()
    ip = platform.ok("POST", IPS, {"type": "v6"})["ip"]
    platform.ok("DELETE", f"{IPS}/{ip}")
    assert platform.refused("DELETE", f"{IPS}/{ip}") == (404, f"Could not find IP address {ip} of app paintbox")


def test_an_unknown_type_or_region_is_refused(platform: Platform) -> None:
    platform.app()
    assert platform.refused("POST", IPS, {"type": "v5"}) == (
        422,
        "invalid address type 'v5': must be one of v4, v6, shared_v4, private_v6",
    )
    assert platform.refused("POST", IPS, {"type": "v6", "region": "atlantis"})[0] == 422


def test_a_certificate_says_what_dns_needs_and_is_issued_when_dns_has_it(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    platform.app()
    v6 = platform.ok("POST", IPS, {"type": "v6"})["ip"]
    created = platform.ok("POST", f"{CERTIFICATES}/acme", {"hostname": "www.example.com"})
    needs = created["dns_requirements"]
    assert (created["status"], created["configured"]) == ("pending_validation", False)
    assert (needs["a"], needs["aaaa"]) == ([], [v6])
    assert needs["cname"].endswith(".paintbox.fly.dev")
    assert needs["acme_challenge"]["name"] == "_acme-challenge.www.example.com"
    assert needs["ownership"]["name"] == "_fly-ownership.www.example.com"
    check = f"{CERTIFICATES}/www.example.com/check"
    assert platform.ok("POST", check)["status"] == "pending_validation"
    platform.ok("PUT", "/sandbox/fly/hostnames/www.example.com", {"configured": True})
    assert platform.ok("GET", f"{CERTIFICATES}/www.example.com")["status"] == "pending_validation"
    issued = platform.ok("POST", check)
    assert (issued["status"], len(issued["certificates"][0]["issued"])) == ("active", 2)
    monkeypatch.setattr("sandbox.fly.certificates.identity.now", lambda: "2030-01-01T00:00:00Z")
    assert platform.ok("POST", check)["certificates"] == issued["certificates"], "looking again issues nothing"
    listed = platform.ok("GET", CERTIFICATES)["certificates"]
    assert [(entry["hostname"], entry["status"]) for entry in listed] == [("www.example.com", "active")]


def test_a_host_name_belongs_to_one_app(platform: Platform) -> None:
    platform.app()
    platform.app("tattoo")
    platform.ok("POST", f"{CERTIFICATES}/acme", {"hostname": "www.example.com"})
    assert platform.refused("POST", "/v1/apps/tattoo/certificates/acme", {"hostname": "www.example.com"})[0] == 422
    platform.ok("DELETE", f"{CERTIFICATES}/www.example.com")
    platform.ok("POST", "/v1/apps/tattoo/certificates/acme", {"hostname": "www.example.com"})
    assert platform.refused("GET", f"{CERTIFICATES}/www.example.com") == (404, "certificate not found")


@pytest.mark.parametrize("hostname", ["", "example", "http://example.com", "a b.com", "-a.com"])
def test_a_host_name_that_is_none_is_refused(platform: Platform, hostname: str) -> None:
    platform.app()
    answer = platform.refused("POST", f"{CERTIFICATES}/acme", {"hostname": hostname})
    assert answer == (422, f"invalid hostname '{hostname}'")
