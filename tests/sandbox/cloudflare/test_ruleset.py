from typing import Any

import pytest

from tests.sandbox.engine_side import EngineSide, Made, Refused

RULESET = "cloudflare/ruleset"
CACHE = {
    "action": "set_cache_settings",
    "expression": "true",
    "actionParameters": {"cache": True, "edgeTtl": {"mode": "override_origin", "default": 7200}},
}
LIMIT = {
    "action": "block",
    "expression": "true",
    "ratelimit": {"characteristics": ["cf.colo.id", "ip.src"], "period": 10, "requestsPerPeriod": 8},
}


@pytest.fixture
def zone(engine: EngineSide) -> Made:
    return engine.zone()


def ruleset(zone: Made, *rules: dict[str, Any], phase: str = "http_request_cache_settings") -> dict[str, Any]:
    return {"zoneId": zone.id, "kind": "zone", "name": "default", "phase": phase, "rules": list(rules)}


def test_rules_get_ids_and_stay_without_difference(engine: EngineSide, zone: Made) -> None:
    made = engine.create(RULESET, ruleset(zone, CACHE))
    rule = made.outputs["rules"][0]
    assert (len(rule["id"]), rule["ref"], rule["enabled"]) == (32, rule["id"], True)
    assert engine.changes(made, ruleset(zone, CACHE)) == {}


def test_a_rule_keeps_its_id_by_its_ref_when_the_order_changes(engine: EngineSide, zone: Made) -> None:
    first, second = {**CACHE, "ref": "a"}, {**CACHE, "ref": "b"}
    made = engine.create(RULESET, ruleset(zone, first, second))
    turned = engine.update(made, ruleset(zone, second, first))
    ids = {rule["ref"]: rule["id"] for rule in made.outputs["rules"]}
    assert [rule["id"] for rule in turned.outputs["rules"]] == [ids["b"], ids["a"]]
    assert turned.outputs["version"] == "2"


def test_a_phase_has_one_entry_point_in_a_zone(engine: EngineSide, zone: Made) -> None:
    engine.create(RULESET, ruleset(zone, CACHE))
    with pytest.raises(Refused, match="http_request_cache_settings has its entry point ruleset already"):
        engine.create(RULESET, ruleset(zone, CACHE), name="second")
    engine.create(RULESET, ruleset(engine.zone("other.com"), CACHE), name="elsewhere")


def test_name_and_phase_replace(engine: EngineSide, zone: Made) -> None:
    made = engine.create(RULESET, ruleset(zone, CACHE))
    assert engine.changes(made, {**ruleset(zone, CACHE), "name": "other"}) == {"name": "update replace"}


def with_parameters(**parameters: Any) -> dict[str, Any]:
    return {**CACHE, "actionParameters": parameters}


@pytest.mark.parametrize(
    ("rule", "path"),
    [
        (with_parameters(edgeTtl={"mode": "override_origin"}), "edgeTtl.default"),
        (with_parameters(edgeTtl={"mode": "respect_origin", "default": 1}), "edgeTtl.default"),
        (with_parameters(browserTtl={"mode": "override_origin"}), "browserTtl.default"),
        (with_parameters(headers={"Cf-Ray": {"operation": "remove"}}), 'headers["Cf-Ray"]'),
        (with_parameters(headers={"A": {"operation": "set"}}), 'headers["A"]'),
        (with_parameters(headers={"A": {"operation": "set", "value": "x", "expression": "y"}}), 'headers["A"]'),
        (with_parameters(headers={"A": {"operation": "remove", "value": "x"}}), 'headers["A"].value'),
        (with_parameters(response={"statusCode": 503, "content": "x", "contentType": "y"}), "response.statusCode"),
    ],
)
def test_the_provider_refuses_a_rule(engine: EngineSide, zone: Made, rule: dict[str, Any], path: str) -> None:
    failures = engine.check(RULESET, ruleset(zone, rule))[1]
    shown = path.replace('["A"]', ".A").replace('["Cf-Ray"]', ".Cf-Ray") if "headers" not in path else path
    assert list(failures) == [f"rules[0].actionParameters.{shown}"]


def test_a_ruleset_belongs_to_a_zone_or_an_account(engine: EngineSide, zone: Made) -> None:
    both = {**ruleset(zone, CACHE), "accountId": "a" * 32}
    assert list(engine.check(RULESET, both)[1]) == ["zoneId"]


@pytest.mark.parametrize(
    ("rule", "phase", "message"),
    [
        ({**CACHE, "action": "block"}, "http_request_cache_settings", "action 'block' is not allowed in phase"),
        ({**LIMIT, "ratelimit": None}, "http_ratelimit", "needs ratelimit"),
        (
            {**LIMIT, "ratelimit": {**LIMIT["ratelimit"], "characteristics": ["ip.src"]}},  # type: ignore[dict-item]
            "http_ratelimit",
            r"must include cf\.colo\.id",
        ),
        ({**LIMIT, "ratelimit": {**LIMIT["ratelimit"], "period": 50}}, "http_ratelimit", "period 50 is not one of"),  # type: ignore[dict-item]
    ],
)
def test_cloudflare_refuses_a_rule(
    engine: EngineSide, zone: Made, rule: dict[str, Any], phase: str, message: str
) -> None:
    with pytest.raises(Refused, match=message):
        engine.create(RULESET, ruleset(zone, rule, phase=phase))


def test_a_ref_is_used_once(engine: EngineSide, zone: Made) -> None:
    with pytest.raises(Refused, match="ref 'a' is used by two rules"):
        engine.create(RULESET, ruleset(zone, {**CACHE, "ref": "a"}, {**CACHE, "ref": "a"}))
