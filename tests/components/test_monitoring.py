"""Uptime checks and alerts as they reach DigitalOcean: one alert a limit, with exactly its number."""

from __future__ import annotations

from typing import Any

from tests.strict_engine import resource_id
from tests.tetrix import build, spec_of

SLACK = {"channel": "#tetrix-alerts", "url": "planted-SLACK_WEBHOOK_URL"}


def test_each_probe_asks_its_page_from_near_the_app(preview: bool) -> None:
    engine = build(preview=preview)
    common = {"type": "https", "regions": ["eu_west"], "enabled": True}
    assert {check.name: check.inputs for check in engine.of("UptimeCheck")} == {
        "tetrix-health": {"name": "tetrix-health", "target": "https://tetrixcorp.com/api/health", **common},
        "tetrix-pages": {"name": "tetrix-pages", "target": "https://tetrixcorp.com/", **common},
    }


def test_there_is_one_alert_a_limit_with_its_number() -> None:
    engine = build()
    told = ("checkId", "type", "period", "threshold", "comparison")
    health, pages = resource_id("tetrix-health"), resource_id("tetrix-pages")
    assert {alert.name: tuple(alert.inputs.get(key) for key in told) for alert in engine.of("UptimeAlert")} == {
        "tetrix-health-down": (health, "down_global", "2m", None, None),
        "tetrix-health-slow-500ms": (health, "latency", "5m", 500, "greater_than"),
        "tetrix-health-slow-1000ms": (health, "latency", "5m", 1000, "greater_than"),
        "tetrix-health-certificate": (health, "ssl_expiry", "2m", 14, "less_than"),
        "tetrix-pages-down": (pages, "down_global", "2m", None, None),
        "tetrix-pages-slow-3000ms": (pages, "latency", "5m", 3000, "greater_than"),
    }


def test_alerts_go_to_slack_by_a_secret_url(preview: bool) -> None:
    for alert in build(preview=preview).of("UptimeAlert"):
        assert alert.inputs["notifications"] == [{"slacks": [SLACK]}]
        assert alert.secrets == {("notifications", 0, "slacks", 0, "url")}


def test_alerts_go_to_every_address_in_order() -> None:
    emails = ["z@tetrixcorp.com", "a@tetrixcorp.com"]
    engine = build({"monitoring": {"notify": {"slack": None, "emails": emails}}})
    for alert in engine.of("UptimeAlert"):
        assert alert.inputs["notifications"] == [{"emails": sorted(emails)}]


def test_limits_inside_are_alerts_of_the_service() -> None:
    destinations = {"slackWebhooks": [SLACK]}
    common = {"operator": "GREATER_THAN", "window": "FIVE_MINUTES", "destinations": destinations}
    spec = spec_of(build({"monitoring": {"memory_percent": 81, "cpu_percent": 79}}))
    assert spec["services"][0]["alerts"] == [
        {"rule": "MEM_UTILIZATION", "value": 81, **common},
        {"rule": "CPU_UTILIZATION", "value": 79, **common},
    ]
    assert spec["alerts"] == [
        {"rule": "DEPLOYMENT_FAILED", "destinations": destinations},
        {"rule": "DOMAIN_FAILED", "destinations": destinations},
    ]


def test_without_monitoring_nobody_is_alerted(preview: bool) -> None:
    engine = build({"monitoring": None}, preview=preview)
    spec: dict[str, Any] = spec_of(engine)
    assert ("alerts" in spec, "alerts" in spec["services"][0]) == (False, False)
    assert engine.of("UptimeCheck") == engine.of("UptimeAlert") == []


def test_without_domains_the_default_host_is_watched() -> None:
    targets = [check.inputs["target"] for check in build({"edge": None}).of("UptimeCheck")]
    assert targets == [
        "https://tetrix-app-abcde.ondigitalocean.app/api/health",
        "https://tetrix-app-abcde.ondigitalocean.app/",
    ]
