"""A whole system: what it consists of, where each resource stands, what it tells, and what it hides."""

from __future__ import annotations

import json
from typing import Any

import pulumi
import pytest

from components.deployed import Deployed
from components.edge import Edge
from components.monitoring import Monitoring
from components.system import System
from settings.digitalocean_system import ORIGIN_SECRET
from tests.planted import finds, plain_finds
from tests.strict_engine import Registered, StrictEngine, resource_id
from tests.tetrix import BEHIND_CLOUDFLARE, LIVE, build, planted, tetrix

EVERYTHING = {**BEHIND_CLOUDFLARE, "monitoring": {"notify": {"emails": ["ops@tetrixcorp.com"]}}}
UNADOPTED = {"app": {"adopt": None}}


def ancestry(engine: StrictEngine, resource: Registered) -> list[str]:
    above = engine.registered.get(resource.parent)
    return [resource.kind, *ancestry(engine, above)] if above else []


def test_every_resource_stands_in_the_component_that_owns_it(preview: bool) -> None:
    engine = build(EVERYTHING, preview=preview)
    owners = {tuple(ancestry(engine, resource)) for resource in engine}
    assert owners == {
        ("System",),
        ("AppPlatformApp", "System"),
        ("Edge", "System"),
        ("Monitoring", "System"),
        ("App", "AppPlatformApp", "System"),
        ("Stash", "AppPlatformApp", "System"),
        ("DnsRecord", "Edge", "System"),
        ("WorkersScript", "Edge", "System"),
        ("WorkersRoute", "Edge", "System"),
        ("UptimeCheck", "Monitoring", "System"),
        ("UptimeAlert", "Monitoring", "System"),
    }


def test_nothing_leaves_its_component_when_the_caller_gives_a_parent(preview: bool) -> None:
    class Region(pulumi.ComponentResource):
        def __init__(self) -> None:
            super().__init__("test:index:Region", "region")
            settings = tetrix(EVERYTHING)
            System(
                "tetrix",
                settings,
                environment="production",
                secrets=planted(settings),
                deployed=Deployed(),
                opts=pulumi.ResourceOptions(parent=self),
            )
            self.register_outputs({"name": "region"})

    engine = StrictEngine(roots=["test:index:Region"], preview=preview, live=LIVE).run(Region)
    trees = {tuple(ancestry(engine, resource))[1:] for resource in engine if resource.custom}
    assert trees == {
        ("AppPlatformApp", "System", "Region"),
        ("Edge", "System", "Region"),
        ("Monitoring", "System", "Region"),
    }


@pytest.mark.parametrize("parts", [{}, {"edge": None}, {"monitoring": None}, {"edge": None, "monitoring": None}])
def test_only_the_parts_that_the_settings_name_are_built(parts: dict[str, Any], preview: bool) -> None:
    kinds = {resource.kind for resource in build(parts, preview=preview)}
    assert ("Edge" in kinds, "Monitoring" in kinds) == ("edge" not in parts, "monitoring" not in parts)


def test_the_outputs_are_where_people_find_the_system() -> None:
    app = resource_id("tetrix-app")
    assert build().one("System").outputs == {
        "appId": app,
        "liveUrl": "https://tetrix-app-abcde.ondigitalocean.app",
        "url": "https://tetrixcorp.com",
        "domains": ["tetrixcorp.com", "joromi.tetrixcorp.com", "code-academy.tetrixcorp.com"],
        "healthUrl": "https://tetrixcorp.com/api/health",
    }
    without_domains = build({"edge": None}).one("System").outputs
    assert without_domains == {
        "appId": app,
        "liveUrl": "https://tetrix-app-abcde.ondigitalocean.app",
        "url": "https://tetrix-app-abcde.ondigitalocean.app",
        "domains": [],
        "healthUrl": "https://tetrix-app-abcde.ondigitalocean.app/api/health",
    }


def test_each_part_registers_what_others_can_use() -> None:
    engine = build()
    assert engine.one("AppPlatformApp").outputs == {
        "appId": resource_id("tetrix-app"),
        "liveUrl": "https://tetrix-app-abcde.ondigitalocean.app",
        "ingressHost": "tetrix-app-abcde.ondigitalocean.app",
    }
    assert engine.one("Edge").outputs == {
        "hostNames": ["tetrixcorp.com", "joromi.tetrixcorp.com", "code-academy.tetrixcorp.com"]
    }
    assert engine.one("Monitoring").outputs == {
        "checkIds": {"health": resource_id("tetrix-health"), "pages": resource_id("tetrix-pages")}
    }


def test_secrets_are_in_no_plain_value_anywhere(preview: bool) -> None:
    first = build(EVERYTHING, preview=preview)
    for engine in (first, build(EVERYTHING, preview=preview, after=first, secrets={"DATABASE_URL": "planted-new"})):
        for resource in engine.registered.values():
            assert plain_finds(resource.inputs, resource.secrets) == []
            assert plain_finds(resource.outputs, resource.secret_outputs) == []
        assert "planted" not in json.dumps(engine.calls)


def test_secrets_do_arrive_where_they_are_needed() -> None:
    engine = build(EVERYTHING)
    assert {name for resource in engine for name in finds(resource.inputs)} == {
        f"planted-{name}" for name in planted(tetrix(EVERYTHING))
    }


def test_a_mark_of_the_secrets_is_no_secret() -> None:
    engine = build(UNADOPTED)
    assert engine.secret_exports == frozenset()
    assert len(engine.exports["deployed"]["tetrix"]["mark"]) == 12


def test_edge_and_monitoring_work_outside_a_system(preview: bool) -> None:
    settings = tetrix(BEHIND_CLOUDFLARE)
    secrets = planted(settings)
    assert settings.edge
    assert settings.monitoring
    edge_settings, monitoring_settings = settings.edge, settings.monitoring

    def program() -> None:
        Edge(
            "shop",
            edge_settings,
            environment="production",
            ingress_host="host.example",
            validations={},
            origin_secret=secrets[ORIGIN_SECRET],
        )
        Monitoring("shop", monitoring_settings, environment="production", base_url="https://a.example", secrets=secrets)

    engine = StrictEngine(roots=["slipway:index:Edge", "slipway:index:Monitoring"], preview=preview).run(program)
    assert {record.inputs["content"] for record in engine.of("DnsRecord")} == {"host.example"}
    assert [check.inputs["target"] for check in engine.of("UptimeCheck")] == [
        "https://a.example/api/health",
        "https://a.example/",
    ]
