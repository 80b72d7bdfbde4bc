"""What the pack tells the engine, asked as the engine asks."""

from __future__ import annotations

import json
import threading
from datetime import date
from typing import Any

import grpc
import pytest
from google.protobuf import empty_pb2, json_format, struct_pb2
from pulumi.runtime.proto import analyzer_pb2

from inventory.resource import Resource
from inventory.unknown import UNKNOWN
from policies.pack import NAME, UNDECIDED, VERSION, Pack
from policies.registry import registry
from policies.sample import STACK
from policies.samples.cloudflare import rule, zone
from policies.samples.digitalocean import platform_app
from policies.samples.fly import fly_app, fly_volume
from tests.tetrix import ROOT

UNKNOWN_TEXT = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
SECRET = "1b47061264138c4ac30d75fd1eb44270"
SIGNATURE = "4dabf18193072939515e22adb298388d"


class AbortedError(Exception):
    """What the pack tells the engine instead of an answer."""


class Context:
    """As much of a gRPC context as the pack uses."""

    def abort(self, code: grpc.StatusCode, details: str) -> None:
        raise AbortedError(f"{code.name}: {details}")


def pack(environment: str = "production", **policies: Any) -> Pack:
    made = Pack(lambda: date(2026, 11, 22), threading.Event())
    config = {"slipway:environment": environment, "slipway:policies": json.dumps(policies)}
    request = analyzer_pb2.AnalyzerStackConfigureRequest(stack=STACK, project="slipway", config=config)
    made.ConfigureStack(request, Context())
    return made


def asked(made: Pack, *resources: Resource, ignore: tuple[str, ...] = ()) -> list[tuple[str, str, str]]:
    """(level, rule, message) of each diagnostic but those of other rules than the tests are about."""
    request = requested(*resources, ignore=ignore)
    response = made.AnalyzeStack(request, Context())
    levels = {analyzer_pb2.MANDATORY: "mandatory", analyzer_pb2.ADVISORY: "advisory"}
    return [
        (levels[found.enforcementLevel], found.policyName, found.message)
        for found in response.diagnostics
        if found.policyName in {"volume-snapshots", "two-instances", UNDECIDED}
    ]


def requested(*resources: Resource, ignore: tuple[str, ...] = ()) -> analyzer_pb2.AnalyzeStackRequest:
    """The engine's question about a stack of these resources."""
    return analyzer_pb2.AnalyzeStackRequest(
        resources=[
            analyzer_pb2.AnalyzerResource(
                type=found.type,
                urn=found.urn,
                name=found.name,
                parent=found.parent,
                properties=json_format.ParseDict(_wire(dict(found.properties)), struct_pb2.Struct()),
                options=analyzer_pb2.AnalyzerResourceOptions(protect=found.protect, ignoreChanges=ignore),
            )
            for found in resources
        ]
    )


def _wire(value: Any) -> Any:
    if value is UNKNOWN:
        return UNKNOWN_TEXT
    if isinstance(value, dict):
        return {key: _wire(item) for key, item in value.items()}
    return [_wire(item) for item in value] if isinstance(value, list | tuple) else value


FORGETFUL = (*fly_app(), *fly_volume(snapshotRetentionDays=1))
SAID = "shop-volume: snapshots are kept for 1 days, fewer than 5"
REMEDY = "set snapshot_days to 5 or more and leave scheduled snapshots on"


def test_a_finding_has_its_rules_level_for_the_environment_and_its_remedy() -> None:
    assert asked(pack(), *FORGETFUL) == [("mandatory", "volume-snapshots", f"{SAID}; {REMEDY}")]
    assert asked(pack("staging"), *FORGETFUL) == [("advisory", "volume-snapshots", f"{SAID}; {REMEDY}")]


def test_the_stack_file_changes_a_level() -> None:
    assert asked(pack(levels={"volume-snapshots": "off"}), *FORGETFUL) == []
    assert asked(pack("staging", levels={"volume-snapshots": "mandatory"}), *FORGETFUL)[0][0] == "mandatory"


def test_a_waived_finding_is_said_and_stops_nothing() -> None:
    waiver = {"rule": "volume-snapshots", "resource": "shop-volume", "reason": "moves", "expires": "2026-11-22"}
    assert asked(pack(waivers=[waiver]), *FORGETFUL) == [
        ("advisory", "volume-snapshots", f"waived: {SAID}; moves (until 2026-11-22)")
    ]
    over = {**waiver, "expires": "2026-11-21"}
    assert asked(pack(waivers=[over]), *FORGETFUL)[0][0] == "mandatory"


def test_what_is_unknown_is_said_and_stops_nothing() -> None:
    resources = (*fly_app(), *fly_volume(snapshotRetentionDays=UNKNOWN))
    said = ("advisory", UNDECIDED, "shop-volume: a value is not known yet, on which these hang: volume-snapshots")
    assert asked(pack(), *resources) == [said]
    assert asked(pack("staging"), *resources) == []


def test_what_is_taken_over_as_it_is_is_not_judged_before_it_is_what_the_settings_say() -> None:
    one = platform_app({"instance_count": 1})
    assert asked(pack(), *one)[0][0] == "mandatory"
    [(level, rule, message)] = asked(pack(), *one, ignore=("spec",))
    assert (level, rule) == ("advisory", UNDECIDED)
    assert message.startswith("shop-app: a value is not known yet, on which these hang: ")
    assert "two-instances" in message


def test_a_secret_is_never_said() -> None:
    planted = {SIGNATURE: SECRET, "value": 'any(http.request.headers["x-key"][*] eq "planted-5ecret")'}
    rules = {"http_request_firewall_custom": [rule("shop_test", "skip", planted)]}
    request = requested(*zone(rules=rules), *fly_app({"env": {"PASSWORD": planted}}))
    assert "planted" not in str(pack().AnalyzeStack(request, Context()))
    assert "planted" in str(request)


def test_the_engine_is_told_every_rule_with_its_level() -> None:
    told = pack("staging", levels={"two-machines": "mandatory"}).GetAnalyzerInfo(empty_pb2.Empty(), Context())
    assert (told.name, told.version) == (NAME, VERSION)
    assert [policy.name for policy in told.policies] == list(registry())
    levels = {policy.name: policy.enforcementLevel for policy in told.policies}
    assert levels["two-machines"] == analyzer_pb2.MANDATORY
    assert levels["volume-snapshots"] == analyzer_pb2.ADVISORY
    assert levels["two-instances"] == analyzer_pb2.DISABLED


def test_policies_that_are_not_valid_end_it_with_the_way_out() -> None:
    with pytest.raises(AbortedError) as raised:
        pack(budget_usd=0)
    assert str(raised.value) == (f"INVALID_ARGUMENT: slipway:policies is not valid; run: ./slipway check {STACK}")


def test_the_version_is_that_of_the_pack_file() -> None:
    assert f"version: {VERSION}\n" in (ROOT / "policies/PulumiPolicy.yaml").read_text()
