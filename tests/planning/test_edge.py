"""Names and values of the edge."""

from __future__ import annotations

import json

from planning.edge import cache_binding, worker_name, zone_label, zone_setting_values
from settings.edge_zone import ZoneSettings
from tests.edges import edge


def test_a_worker_is_named_like_its_system() -> None:
    assert (worker_name("tetrix", "production"), worker_name("tetrix", "staging")) == ("tetrix", "tetrix-staging")


def test_a_zone_is_named_without_dots() -> None:
    assert zone_label("example.co.uk") == "example-co-uk"


def test_the_forwarding_worker_reads_the_most_special_rule_last() -> None:
    rules = edge(
        cache={
            "health": {"when": {"paths": ["/api/health"]}, "bypass": True},
            "api": {"when": {"prefixes": ["/api/"]}, "bypass": True},
            "pages": {"edge": "1h", "browser": "5m", "through": "worker"},
        }
    )
    kept = json.loads(cache_binding(rules))
    assert [rule["name"] for rule in kept] == ["pages", "api", "health"]
    assert kept[0] == {
        "name": "pages",
        "paths": [],
        "prefixes": [],
        "extensions": [],
        "methods": [],
        "hosts": [],
        "bypass": False,
        "edge": 3600,
        "browser": 300,
        "immutable": False,
    }


def test_the_connection_to_the_origin_is_always_encrypted_and_checked() -> None:
    for plan in ("free", "pro", "business", "enterprise"):
        values = zone_setting_values(ZoneSettings(), plan)
        assert (values["ssl"], values["always_use_https"], values["min_tls_version"]) == ("strict", "on", "1.2")


def test_a_plan_without_polish_is_not_asked_for_it() -> None:
    assert "polish" not in zone_setting_values(ZoneSettings(), "free")
    assert zone_setting_values(ZoneSettings(polish="lossy", webp=True), "pro")["webp"] == "on"


def test_browsers_keep_to_https_for_a_year() -> None:
    zone = ZoneSettings.model_validate_json('{"hsts": {}}')
    assert zone_setting_values(zone, "free")["security_header"] == {
        "strict_transport_security": {
            "enabled": True,
            "max_age": 31_536_000,
            "include_subdomains": False,
            "preload": False,
            "nosniff": True,
        }
    }
