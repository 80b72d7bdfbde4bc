"""What a stack has in a zone as a whole, on the strict engine."""

from __future__ import annotations

from typing import Any

import pulumi
import pytest
from pydantic import SecretStr

from components.entry_points import ForeignRulesetError
from components.zone_edge import ZoneEdge
from planning.edge_rulesets import zone_plans
from tests.edges import raw_edge, stack
from tests.strict_engine import ACCOUNT_ID, ZONE_ID, StrictEngine

ENTRY = "b" * 32
PHASE = "http_response_headers_transform"
HEADERS = {"headers": {"X-Frame-Options": "DENY"}}
EVERYTHING = {
    "plan": "pro",
    "zone_settings": {
        "hsts": {},
        "polish": "lossy",
        "webp": True,
        "tiered_cache": "smart",
        "argo": True,
        "argo_subscribed": True,
        "managed": {"owasp": {}},
        "health_check": {"host": "origin.example.net"},
        "alerts": {"emails": ["a@example.com"], "webhook_secret": "HOOK_URL"},
    },
}


def foreign(*rules: dict[str, Any], name: str = "default") -> dict[str, Any]:
    return {
        ENTRY: {"id": ENTRY, "name": name, "kind": "zone", "phase": PHASE, "version": "1", "description": "",
                "lastUpdated": "", "rules": list(rules)}
    }  # fmt: skip


def build(
    edge: dict[str, Any],
    *,
    rulesets: dict[str, Any] | None = None,
    deployed: dict[str, str] | None = None,
    preview: bool = False,
) -> tuple[StrictEngine, dict[str, Any]]:
    """The zone of one system, with what the zone had and what the last run left."""
    engine = StrictEngine(preview=preview, rulesets=rulesets or {}, live={f"example-com-{PHASE.replace('_', '-')}": {}})
    (plan,) = zone_plans(stack(one=raw_edge(**edge)))
    kept: dict[str, Any] = {}

    def program() -> None:
        secrets = {"one": {"HOOK_URL": SecretStr("https://planted.example"), "KEY": SecretStr('planted"key')}}
        made = ZoneEdge(plan, environment="production", secrets=secrets, deployed=deployed or {})
        kept.update(made.deployed)
        pulumi.export("deployed", made.deployed)

    return engine.run(program), kept


def test_each_phase_with_rules_has_one_ruleset(preview: bool) -> None:
    engine, _ = build({**HEADERS, "cache": {"all": {"edge": "2h"}}}, preview=preview)
    assert [
        (made.name, made.inputs["kind"], made.inputs["name"], made.inputs["zoneId"]) for made in engine.of("Ruleset")
    ] == [
        ("example-com-http-request-cache-settings", "zone", "slipway", ZONE_ID),
        ("example-com-http-response-headers-transform", "zone", "slipway", ZONE_ID),
    ]
    assert engine.of("ZoneSetting") == []


def test_who_settles_a_zone_gets_all_of_it(preview: bool) -> None:
    engine, _ = build(EVERYTHING, preview=preview)
    settings = {made.inputs["settingId"]: made.inputs["value"] for made in engine.of("ZoneSetting")}
    assert (settings["ssl"], settings["min_tls_version"], settings["polish"], settings["webp"]) == (
        "strict", "1.2", "lossy", "on"
    )  # fmt: skip
    tiered, topology = engine.one("ArgoTieredCaching"), engine.one("TieredCache")
    assert (tiered.inputs["value"], topology.inputs["value"], engine.one("ArgoSmartRouting").inputs["value"]) == (
        "on",
    ) * 3
    assert tiered.urn in topology.depends_on
    assert engine.one("Healthcheck").inputs["httpConfig"]["expectedCodes"] == ["200"]
    webhook = engine.one("NotificationPolicyWebhooks")
    assert webhook.inputs["accountId"] == ACCOUNT_ID
    assert webhook.secrets == {("url",)}
    assert len(engine.of("NotificationPolicy")) == 2


def test_a_zone_to_be_created_is_protected_and_never_looked_up() -> None:
    engine, _ = build({**HEADERS, "zone_settings": {"create_in": "a" * 32}})
    assert engine.one("Zone").protect
    assert [token for token, _ in engine.calls if token.startswith("cloudflare:")] == []


def test_a_secret_in_an_expression_is_secret_and_cannot_break_out() -> None:
    rules = {"load-test": {"when": {"secret_headers": {"X-Key": "KEY"}}, "action": "skip", "skips": ["rate_limits"]}}
    engine, _ = build({"firewall": rules})
    made = engine.one("Ruleset")
    assert made.secrets == {("rules", 0, "expression")}
    assert made.inputs["rules"][0]["expression"].endswith('["x-key"][*] eq "planted\\"key")')


RULES = [
    {"action": "rewrite", "expression": "true", "ref": "theirs", "enabled": True, "description": "their header"},
    {"action": "rewrite", "expression": "ssl", "ref": "off", "enabled": False, "description": ""},
]


def test_rules_of_somebody_else_are_shown_and_left_alone() -> None:
    with pytest.raises(ForeignRulesetError) as raised:
        build(HEADERS, rulesets=foreign(*RULES))
    assert str(raised.value) == (
        f"example.com has a ruleset 'default' in the phase {PHASE} that this stack did not make, with 2 rules; taking "
        "it over replaces them:\n"
        "  1. rewrite when true  their header\n"
        "  2. rewrite (off) when ssl  off\n"
        "  copy what is needed into the system's edge, then set edge.zone_settings.adopt: "
        f"{{{PHASE}: {ENTRY}}}"
    )


def test_what_the_settings_name_is_taken_over_as_it_is_and_changed_by_the_next_run() -> None:
    adopting = {**HEADERS, "zone_settings": {"adopt": {PHASE: ENTRY}}}
    engine, first = build(adopting, rulesets=foreign(*RULES))
    made = engine.one("Ruleset")
    assert (made.import_id, made.ignore_changes, made.inputs["name"]) == (
        f"zones/{ZONE_ID}/{ENTRY}", ("rules", "description"), "default"
    )  # fmt: skip
    assert not first["settled"]
    engine, second = build(adopting, rulesets=foreign(*RULES), deployed={PHASE: ENTRY})
    assert (engine.one("Ruleset").ignore_changes, second["settled"]) == ((), True)


def test_an_empty_entry_point_is_nobodys_loss() -> None:
    engine, _ = build(HEADERS, rulesets=foreign())
    assert engine.one("Ruleset").import_id == f"zones/{ZONE_ID}/{ENTRY}"


def test_its_own_ruleset_is_known_even_after_a_run_that_failed_half_way() -> None:
    engine, kept = build(HEADERS, rulesets=foreign(*RULES, name="slipway"))
    assert (engine.one("Ruleset").import_id, kept["settled"]) == ("", True)


def test_what_the_plan_lacks_is_said_in_every_preview(preview: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    monkeypatch.setattr(pulumi.log, "warn", lambda message, resource=None: said.append(message))
    short = {"cache": {"sums": {"edge": "5m"}}, "on_plan_gap": "fallback", "plan": "pro"}
    engine, _ = build(short, preview=preview)
    assert len(said) == 1
    assert said[0].endswith("done instead: set through: response_rule, which writes s-maxage=300")
    assert [made.inputs["phase"] for made in engine.of("Ruleset")] == [
        "http_request_cache_settings",
        "http_response_cache_settings",
    ]
