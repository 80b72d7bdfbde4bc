"""The apps of a system on Fly.io, compared with what was released."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from fly.facts import Facts
from ops.verify.check import Check
from ops.verify.fly_app import fly_certificates, fly_checks
from tests.fly.script import ScriptedFlyctl
from tests.ops.verify.systems import on_fly

IMAGE = "reg/web:v1@sha256:v1"
RELEASE = {
    "type": "fly:index:Release",
    "outputs": {
        "app": "sample-app",
        "counts": {"sjc": 2.0},
        "deployedImage": IMAGE,
        "config": {
            "primary_region": "sjc",
            "http_service": {
                "internal_port": 8080,
                "checks": [{"path": "/ready", "interval": "10s", "timeout": "5s"}],
            },
        },
    },
}


def machine(name: str, **more: Any) -> dict[str, Any]:
    return {
        "id": name,
        "state": "started",
        "region": "sjc",
        "image_ref": {"registry": "reg", "repository": "web", "tag": "v1", "digest": "sha256:v1"},
        "config": {"services": [{"checks": [{}]}]},
        "checks": [{"name": "servicecheck-00", "status": "passing"}],
        **more,
    }


def checks(*machines: dict[str, Any], resources: list[dict[str, Any]] | None = None) -> list[Check]:
    asked = {"run": "machine list --app sample-app --json", "prints": json.dumps(machines)}
    released = [RELEASE] if resources is None else resources

    async def collect() -> list[Check]:
        facts = Facts(ScriptedFlyctl([asked]))
        return [check async for check in fly_checks(facts, "web", on_fly(), "production", released)]

    return asyncio.run(collect())


def failed(*machines: dict[str, Any]) -> list[str]:
    return [f"{check.name}: {check.said}" for check in checks(*machines) if check.state == "failed"]


def test_machines_that_are_as_released_pass() -> None:
    found = checks(machine("m1"), machine("m2"))
    assert [(check.name, check.state, check.said) for check in found] == [
        ("instances", "ok", "sample-app: 2 of 2 machines started"),
        ("checks", "ok", "sample-app: 2 pass"),
    ]


def test_a_missing_machine_is_counted_by_region() -> None:
    assert failed(machine("m1"), machine("m2", region="iad")) == [
        "instances: sample-app has 1 machines in sjc, 2 are wanted"
    ]


def test_another_image_than_the_released_one_is_named() -> None:
    other = machine("m2", image_ref={"registry": "reg", "repository": "web", "tag": "v2", "digest": "sha256:v2"})
    assert failed(machine("m1"), other) == [
        f"instances: sample-app runs {IMAGE}, reg/web:v2@sha256:v2 instead of {IMAGE}"
    ]


def test_a_machine_that_gets_no_traffic_is_named() -> None:
    assert failed(machine("m1"), machine("m2", cordoned=True)) == ["instances: sample-app keeps traffic from m2"]


def test_a_failing_check_is_shown_with_its_machine() -> None:
    ill = machine("m2", checks=[{"name": "servicecheck-00", "status": "critical", "output": "503"}])
    assert failed(machine("m1"), ill) == [
        "checks: sample-app: machine m2 in sjc: check servicecheck-00 is critical: 503"
    ]


def test_an_app_without_a_release_in_the_state_was_never_deployed() -> None:
    (check,) = checks(resources=[])
    assert (check.state, check.said) == ("failed", "sample-app has no release in the state; deploy it first")


def certificate(**answer: Any) -> Check:
    asked = {"run": "certs check a.example.com --app web --json", **answer}

    async def collect() -> list[Check]:
        facts = Facts(ScriptedFlyctl([asked]))
        return [check async for check in fly_certificates(facts, "web", "web", ("a.example.com",))]

    return asyncio.run(collect())[0]


def test_only_an_issued_certificate_is_good() -> None:
    needs = {"cname": "x1.web.fly.dev"}
    told = {"hostname": "a.example.com", "status": "active", "dns_requirements": needs}
    assert certificate(prints=json.dumps(told)).state == "ok"
    pending = certificate(prints=json.dumps({**told, "status": "pending_validation"}))
    assert (pending.state, pending.said) == (
        "failed",
        "a.example.com is pending_validation; its DNS must say CNAME x1.web.fly.dev",
    )


def test_a_certificate_that_nobody_asked_for_is_missing() -> None:
    missing = certificate(fails="certificate not found")
    assert (missing.state, missing.said) == ("failed", "web has no certificate for a.example.com")
