"""The app of a system on App Platform, and the records of its domains."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from ops.clouds.app_platform import App, ComponentHealth, Instance
from ops.clouds.cloudflare import Record, Zone
from ops.verify.app_platform import app_platform_checks
from ops.verify.domains import domain_checks
from tests.ops.verify.systems import on_app_platform

INGRESS = "sample-app-abcde.ondigitalocean.app"


class Account:
    """What the API answers."""

    def __init__(self, *, instances: int = 2, ready: int = 2) -> None:
        self._instances = instances
        self._ready = ready

    def instances(self, app_id: str) -> list[Instance]:
        return [Instance(component_name="web", instance_name=f"web-{number}") for number in range(self._instances)]

    def health(self, app_id: str) -> list[ComponentHealth]:
        return [ComponentHealth(name="web", replicas_desired=2, replicas_ready=self._ready, state="HEALTHY")]


def app(**more: Any) -> App:
    expires = datetime.now(UTC) + timedelta(days=80, hours=1)
    domain = {"spec": {"domain": "example.com"}, "phase": "ACTIVE", "certificate_expires_at": expires}
    found = {
        "id": "a1",
        "spec": {"name": "sample-app"},
        "active_deployment": {"id": "d1", "phase": "ACTIVE"},
        "domains": [domain],
    }
    return App.model_validate({**found, **more})


def failed(found: App, account: Account | None = None) -> list[str]:
    checks = app_platform_checks("web", on_app_platform(), account or Account(), found)  # type: ignore[arg-type]  # stand-in
    return [f"{check.name}: {check.said}" for check in checks if check.state == "failed"]


def test_an_app_that_is_well_passes() -> None:
    assert failed(app()) == []


@pytest.mark.parametrize(
    ("more", "problem"),
    [
        ({"active_deployment": None}, "deployment: sample-app has no active deployment"),
        (
            {"in_progress_deployment": {"id": "d2", "phase": "BUILDING"}},
            "deployment: the deployment d2 is still BUILDING",
        ),
        (
            {"pinned_deployment": {"id": "d1"}},
            "deployment: sample-app is pinned to d1 until its rollback is committed",
        ),
        ({"domains": []}, "domains: example.com is not known to the app"),
        (
            {
                "domains": [
                    {
                        "spec": {"domain": "example.com"},
                        "phase": "ERROR",
                        "progress": {"steps": [{"reason": {"message": "CNAME mismatch"}}]},
                    }
                ]
            },
            "domains: example.com is ERROR: CNAME mismatch",
        ),
    ],
)
def test_what_is_wrong_with_it_is_said(more: dict[str, Any], problem: str) -> None:
    assert failed(app(**more)) == [problem]


def test_missing_replicas_and_instances_are_counted() -> None:
    assert failed(app(), Account(instances=1, ready=1)) == [
        "instances: sample-app has 1 instances, 2 are wanted",
        "checks: web has 1 of 2 replicas ready",
    ]


def test_a_certificate_that_ends_soon_fails_below_the_threshold_of_the_alerts() -> None:
    soon = datetime.now(UTC) + timedelta(days=13, hours=1)
    domain = {"spec": {"domain": "example.com"}, "phase": "ACTIVE", "certificate_expires_at": soon}
    assert failed(app(domains=[domain])) == ["certificates: the certificate of example.com has 13 days left"]
    later = {**domain, "certificate_expires_at": soon + timedelta(days=1)}
    assert failed(app(domains=[later])) == []


class Dns:
    """A zone with these records."""

    def __init__(self, *records: tuple[str, str, str, bool]) -> None:
        self._records = [
            Record(id=str(number), name=name, type=kind, content=content, proxied=proxied)
            for number, (name, kind, content, proxied) in enumerate(records)
        ]

    def zone(self, name: str) -> Zone:
        return Zone(id="z1")

    def records(self, zone: str) -> list[Record]:
        return self._records


def domain(mode: str, *records: tuple[str, str, str, bool]) -> str:
    """What is said about example.com, with `ok` before what is good."""
    edge = on_app_platform(f"edge: {{mode: {mode}}}").edge
    assert edge
    (check,) = domain_checks("web", edge, ["example.com"], INGRESS, Dns(*records))  # type: ignore[arg-type]  # stand-in
    return f"{check.state}: {check.said}"


def test_a_record_that_points_to_the_app_is_good() -> None:
    assert domain("platform", ("example.com", "CNAME", INGRESS, False)) == f"ok: example.com → {INGRESS}"
    assert domain("cloudflare", ("example.com", "CNAME", f"{INGRESS}.", True)) == f"ok: example.com → {INGRESS}"


@pytest.mark.parametrize(
    ("mode", "records", "problem"),
    [
        ("platform", [], f"example.com has no record; it must be CNAME {INGRESS}"),
        (
            "platform",
            [("example.com", "CNAME", "old.ondigitalocean.app", False)],
            f"CNAME mismatch: example.com is CNAME old.ondigitalocean.app instead of CNAME {INGRESS}",
        ),
        (
            "platform",
            [("example.com", "A", "192.0.2.1", False)],
            f"CNAME mismatch: example.com is A 192.0.2.1 instead of CNAME {INGRESS}",
        ),
        (
            "platform",
            [("example.com", "CNAME", INGRESS, True)],
            "example.com must be DNS only with edge.mode platform",
        ),
        (
            "cloudflare",
            [("example.com", "CNAME", INGRESS, False)],
            "example.com must be proxied with edge.mode cloudflare",
        ),
    ],
)
def test_a_record_that_points_elsewhere_is_a_mismatch(mode: str, records: list[Any], problem: str) -> None:
    assert domain(mode, *records) == f"failed: {problem}"
