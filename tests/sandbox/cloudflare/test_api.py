"""The emulated HTTP API of Cloudflare, over its socket."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sandbox.cloudflare.api import vendor
from sandbox.faults import Plan
from tests.sandbox.vendors import Vendors, vendors

ACCOUNT = "a" * 32


@pytest.fixture(scope="module")
def flare(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Vendors]:
    with vendors(tmp_path_factory.mktemp("vendors") / "home") as found:
        found.control.seed("cloudflare/zone", {"name": "tetrixcorp.com", "account": {"id": ACCOUNT}})
        yield found


def zone(flare: Vendors) -> str:
    return str(flare.flare("GET", "/zones?name=tetrixcorp.com")["result"][0]["id"])


@pytest.mark.parametrize(
    ("token", "method", "path", "status", "code"),
    [
        ("wrong", "GET", "/user/tokens/verify", 401, 1000),
        ("wrong", "GET", "/zones", 403, 9109),
        (vendor.READ_ONLY_TOKEN, "POST", "/zones/none/purge_cache", 403, 10000),
        (vendor.TOKEN, "GET", "/zones/none", 404, 7003),
    ],
)
def test_a_refusal_has_the_status_and_the_code_of_the_real_api(
    flare: Vendors, token: str, method: str, path: str, status: int, code: int
) -> None:
    answer = flare.ask("cloudflare", method, path, token=token)
    told = answer.json()
    assert (answer.status, told["success"], told["errors"][0]["code"], told["result"]) == (status, False, code, None)


def test_a_valid_token_is_active(flare: Vendors) -> None:
    assert flare.flare("GET", "/user/tokens/verify")["result"]["status"] == "active"


def test_zones_and_records_have_the_names_of_the_api(flare: Vendors) -> None:
    id_ = zone(flare)
    record = {"zoneId": id_, "name": "www.tetrixcorp.com", "type": "CNAME", "content": "a.example", "ttl": 1}
    flare.control.seed("cloudflare/dnsRecord", record)
    told = flare.flare("GET", f"/zones/{id_}/dns_records?type=CNAME")
    assert (told["result"][0]["zone_id"], told["result_info"]["total_count"]) == (id_, 1)
    assert flare.flare("GET", f"/zones/{id_}/dns_records?type=A")["result"] == []
    assert flare.flare("GET", "/zones?name=other.com")["result"] == []
    assert flare.flare("GET", f"/zones/{id_}")["result"]["name_servers"][0].endswith("cloudflare.com")


def test_a_purge_names_one_kind_and_not_too_many(flare: Vendors) -> None:
    path = f"/zones/{zone(flare)}/purge_cache"
    assert flare.flare("POST", path, {"purge_everything": True})["success"]
    assert flare.flare("POST", path, {"files": [str(number) for number in range(101)]})["errors"][0]["code"] == 1094
    assert flare.flare("POST", path, {})["errors"][0]["code"] == 1012


def test_a_throttled_request_says_when_to_come_back(flare: Vendors) -> None:
    flare.control.plant(Plan("throttle", api="cloudflare", operation="list_zones", retry_after=3))
    answer = flare.ask("cloudflare", "GET", "/zones")
    assert (answer.status, answer.headers["retry-after"]) == (429, "3")
    assert answer.headers["ratelimit"].startswith('"default";r=0;')


def test_webhooks_are_told_without_their_secrets(flare: Vendors) -> None:
    hook = {"accountId": ACCOUNT, "name": "ops", "url": "https://hooks.example/secret", "secret": "hunter2"}
    flare.control.seed("cloudflare/notificationPolicyWebhooks", hook)
    told = flare.flare("GET", f"/accounts/{ACCOUNT}/alerting/v3/destinations/webhooks")["result"]
    assert [(entry["name"], "url" in entry, "secret" in entry) for entry in told] == [("ops", False, False)]
    assert flare.flare("GET", f"/accounts/{ACCOUNT}/alerting/v3/policies")["result"] == []
