from typing import Any

import pytest

from tests.sandbox.engine_side import EngineSide, Made, Refused

RECORD = "cloudflare/dnsRecord"


@pytest.fixture
def zone(engine: EngineSide) -> Made:
    return engine.zone()


def cname(zone: Made, **more: Any) -> dict[str, Any]:
    given = {"zoneId": zone.id, "name": "www.tetrixcorp.com", "type": "CNAME", "content": "a.example", "ttl": 1}
    return {**given, **more}


def test_a_record_has_an_id_of_32_digits_and_no_difference(engine: EngineSide, zone: Made) -> None:
    made = engine.create(RECORD, cname(zone))
    assert len(made.id) == 32
    assert made.outputs["proxiable"] is True
    assert made.outputs["proxied"] is False
    assert engine.changes(made, cname(zone)) == {}


def test_type_and_zone_replace_content_does_not(engine: EngineSide, zone: Made) -> None:
    made = engine.create(RECORD, cname(zone))
    assert engine.changes(made, cname(zone, content="b.example")) == {"content": "update"}
    changed = engine.changes(made, cname(zone, type="A", content="192.0.2.1"))
    assert changed == {"type": "update replace", "content": "update"}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({}, "81058"),
        ({"content": "b.example"}, "81053"),
        ({"type": "A", "content": "192.0.2.1"}, "81053"),
        ({"type": "AAAA", "content": "::1"}, "81053"),
    ],
)
def test_a_cname_stands_alone(engine: EngineSide, zone: Made, changes: dict[str, Any], code: str) -> None:
    engine.create(RECORD, cname(zone))
    with pytest.raises(Refused, match=code):
        engine.create(RECORD, cname(zone, **changes), name="second")


def test_addresses_stand_beside_each_other_and_text_beside_a_cname(engine: EngineSide, zone: Made) -> None:
    for number, (kind, content) in enumerate([("A", "192.0.2.1"), ("A", "192.0.2.2"), ("AAAA", "::1")]):
        engine.create(RECORD, cname(zone, type=kind, content=content), name=f"r{number}")
    other = {"name": "alias.tetrixcorp.com"}
    engine.create(RECORD, cname(zone, **other), name="alias")
    engine.create(RECORD, cname(zone, **other, type="TXT", content="x"), name="text")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"proxied": True, "ttl": 300}, "ttl must be 1"),
        ({"proxied": True, "type": "TXT"}, "a TXT record cannot be proxied"),
        ({"name": "www.other.com"}, r"DNS name www\.other\.com is not in the zone tetrixcorp\.com"),
        ({"ttl": 30}, "TTL 30 must be between 60 and 86400"),
    ],
)
def test_cloudflare_refuses(engine: EngineSide, zone: Made, changes: dict[str, Any], message: str) -> None:
    with pytest.raises(Refused, match=message):
        engine.create(RECORD, cname(zone, **changes))


@pytest.mark.parametrize(
    ("changes", "path"), [({"ttl": 29}, "ttl"), ({"type": "CNAM"}, "type"), ({"zoneId": None}, "zoneId")]
)
def test_the_provider_refuses(engine: EngineSide, zone: Made, changes: dict[str, Any], path: str) -> None:
    assert list(engine.check(RECORD, cname(zone, **changes))[1]) == [path]


def test_a_zone_exists_once(engine: EngineSide, zone: Made) -> None:
    assert zone.outputs["status"] == "active"
    assert all(server.endswith(".ns.cloudflare.com") for server in zone.outputs["nameServers"])
    with pytest.raises(Refused, match="1061"):
        engine.create("cloudflare/zone", zone.inputs, name="again")


def test_a_setting_is_known_by_its_name_within_its_zone(engine: EngineSide, zone: Made) -> None:
    setting = {"zoneId": zone.id, "settingId": "ssl", "value": "strict"}
    made = engine.create("cloudflare/zoneSetting", setting)
    assert made.id == "ssl"
    assert engine.changes(made, {**setting, "value": "full"}) == {"value": "update"}
    other = engine.zone("other.com")
    engine.create("cloudflare/zoneSetting", {**setting, "zoneId": other.id, "value": "off"}, name="other")
    again = engine.read("cloudflare/zoneSetting", "ssl", made)
    assert again is not None
    assert again.outputs["value"] == "strict"


@pytest.mark.parametrize(
    ("setting", "path"),
    [({"settingId": "ssl", "value": "strickt"}, "value"), ({"settingId": "sll", "value": "on"}, "settingId")],
)
def test_a_setting_takes_its_own_values(engine: EngineSide, setting: dict[str, str], path: str) -> None:
    assert list(engine.check("cloudflare/zoneSetting", {"zoneId": "z", **setting})[1]) == [path]


def test_dnssec_tells_its_ds_record(engine: EngineSide, zone: Made) -> None:
    made = engine.create("cloudflare/zoneDnssec", {"zoneId": zone.id, "status": "active"})
    assert made.outputs["ds"].startswith("tetrixcorp.com. 3600 IN DS ")
