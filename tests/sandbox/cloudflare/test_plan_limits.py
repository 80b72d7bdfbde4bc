"""What the emulated Cloudflare refuses because of a zone's plan, and what its lookups tell."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.cloudflare.ruleset import get_ruleset, get_rulesets
from sandbox.errors import CloudError
from tests.sandbox.engine_side import EngineSide, Made, Refused

RULESET = "cloudflare/ruleset"
CACHE, CUSTOM, RATE = "http_request_cache_settings", "http_request_firewall_custom", "http_ratelimit"


def zone_on(engine: EngineSide, plan: str) -> Made:
    made = engine.zone()
    document = engine.store.get("cloudflare/zone", made.id)
    assert document
    engine.store.put("cloudflare/zone", made.id, {**document, "plan": {**document["plan"], "legacyId": plan}})
    return made


def create(engine: EngineSide, zone: Made, phase: str, *rules: dict[str, Any]) -> Made:
    return engine.create(
        RULESET, {"zoneId": zone.id, "kind": "zone", "name": "default", "phase": phase, "rules": list(rules)}
    )


def kept(seconds: int) -> dict[str, Any]:
    ttl = {"mode": "override_origin", "default": seconds}
    return {"action": "set_cache_settings", "expression": "true", "actionParameters": {"cache": True, "edgeTtl": ttl}}


def limit(period: int, timeout: int, expression: str = "true") -> dict[str, Any]:
    counted = {
        "characteristics": ["cf.colo.id", "ip.src"],
        "period": period,
        "requestsPerPeriod": 8,
        "mitigationTimeout": timeout,
    }
    return {"action": "block", "expression": expression, "ratelimit": counted}


def blocks(count: int) -> list[dict[str, Any]]:
    return [{"action": "block", "expression": "true"}] * count


@pytest.mark.parametrize(
    ("plan", "phase", "allowed", "refused", "message"),
    [
        ("free", CACHE, [kept(7200)], [kept(7199)], "below the minimum of 7200 of the plan free"),
        ("pro", CACHE, [kept(3600)], [kept(3599)], "below the minimum of 3600 of the plan pro"),
        ("business", CACHE, [kept(1)], [kept(0)], "below the minimum of 1 of the plan business"),
        ("free", CUSTOM, blocks(5), blocks(6), "6 out of 5"),
        ("pro", CUSTOM, blocks(20), blocks(21), "21 out of 20"),
        ("free", RATE, [limit(10, 10)], [limit(15, 10)], "a period of 15 is above the 10 of the plan free"),
        ("pro", RATE, [limit(60, 3600)], [limit(60, 3601)], "a mitigation timeout of 3601 is above the 3600"),
        (
            "free",
            RATE,
            [limit(10, 10)],
            [limit(10, 10, 'http.host eq "a"')],
            "http.host in a rate limit needs the plan pro",
        ),
    ],
)
def test_a_plan_takes_what_it_has_and_not_one_more(
    engine: EngineSide, plan: str, phase: str, allowed: list[Any], refused: list[Any], message: str
) -> None:
    zone = zone_on(engine, plan)
    with pytest.raises(Refused, match=message):
        create(engine, zone, phase, *refused)
    create(engine, zone, phase, *allowed)


def test_lists_come_back_in_an_order_of_their_own_without_a_difference(engine: EngineSide) -> None:
    zone = engine.zone()
    made = create(engine, zone, RATE, limit(10, 10))
    assert made.outputs["rules"][0]["ratelimit"]["characteristics"] == ["ip.src", "cf.colo.id"]
    inputs = {"zoneId": zone.id, "kind": "zone", "name": "default", "phase": RATE, "rules": [limit(10, 10)]}
    assert engine.changes(made, inputs) == {}


def test_rulesets_are_listed_without_rules_and_looked_up_with_them(engine: EngineSide) -> None:
    zone = engine.zone()
    made = create(engine, zone, CUSTOM, *blocks(1))
    cloud = engine.clouds["cloudflare"]
    listed = get_rulesets(cloud, {"zoneId": zone.id})["rulesets"]
    assert [(entry["kind"], "rules" in entry) for entry in listed] == [("managed", False), ("zone", False)]
    assert len(get_ruleset(cloud, {"zoneId": zone.id, "rulesetId": made.id})["rules"]) == 1
    with pytest.raises(CloudError, match="could not find ruleset"):
        get_ruleset(cloud, {"zoneId": "0" * 32, "rulesetId": made.id})
