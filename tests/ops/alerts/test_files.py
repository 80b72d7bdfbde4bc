"""The generated files: the same bytes each time, every number from the thresholds, no secret in them."""

from __future__ import annotations

import functools
import json
from pathlib import Path

import pytest
import yaml

from ops.alerts.files import alert_files, write_alerts
from ops.errors import OperationError
from planning.alerts.platforms import platform_alerts
from planning.thresholds import alerts as limits
from settings.stack import Stack
from tests.planning.alerts.watched import ALL, alerts, stack, system


@functools.cache
def files(name: str) -> dict[str, str]:
    return alert_files(stack(name))


def test_the_same_stack_gives_the_same_files() -> None:
    small = Stack("small", "production", {"tattoo-contest": system("tattoo-contest")})
    assert alert_files(small) == alert_files(small)


def test_every_threshold_is_an_alert_of_prometheus_with_its_number_and_patience() -> None:
    rules = yaml.safe_load(files("performance")["prometheus/paintbox-performance.rules.yaml"])
    found = {
        (rule["labels"]["measure"], rule["labels"]["severity"]): (rule["expr"].rpartition("} ")[2], rule.get("for"))
        for rule in rules["groups"][0]["rules"]
        if "alert" in rule and "measure" in rule["labels"]
    }
    assert {
        ("memory", "warning"): ("> 900", "5m"),
        ("memory", "critical"): ("> 972.8", "5m"),
        ("errors", "critical"): ("> 5", "5m"),
        ("p95", "warning"): ("> 2000", "5m"),
        ("cache hits", "warning"): ("< 70", "5m"),
        ("wait for a connection", "critical"): ("> 1000", "5m"),
        ("cpu", "warning"): ("> 70", "5m"),
        ("certificate", "warning"): ("< 14", None),
        ("machines", "warning"): ("< 2", "2m"),
        ("machines", "critical"): ("< 1", "2m"),
        ("answers /api/simple-health", "critical"): ("< 1", "2m"),
        ("response time /api/simple-health", "critical"): ("> 5000", "5m"),
    }.items() <= found.items()
    assert len(found) == len(alerts("paintbox-performance"))


def test_each_measure_is_a_panel_with_its_limits_as_lines() -> None:
    board = json.loads(files("performance")["grafana.json"])
    panels = [panel for panel in board["panels"] if panel["type"] == "timeseries"]
    rows = [panel["title"] for panel in board["panels"] if panel["type"] == "row"]
    assert rows == ["paintbox-performance", "paintbox-digitalocean"]
    measures = [alert.threshold.measure for name in rows for alert in alerts(name)]
    assert [panel["title"] for name in rows for panel in panels if f'"{name}"' in panel["targets"][0]["expr"]] == [
        measure for name in rows for measure in dict.fromkeys(alert.threshold.measure for alert in alerts(name))
    ]
    assert len(panels) < len(measures)
    memory = next(
        panel
        for panel in panels
        if panel["title"] == "memory" and '"paintbox-performance"' in panel["targets"][0]["expr"]
    )
    assert memory["fieldConfig"]["defaults"]["thresholds"]["steps"] == [
        {"color": "green", "value": None},
        {"color": "orange", "value": 900},
        {"color": "red", "value": 972.8},
    ]
    assert len({panel["id"] for panel in board["panels"]}) == len(board["panels"])
    places = [(panel["gridPos"]["x"], panel["gridPos"]["y"]) for panel in board["panels"]]
    assert len(set(places)) == len(places)


@pytest.mark.parametrize("name", ALL)
def test_what_the_platforms_watch_has_the_numbers_of_the_thresholds(name: str) -> None:
    known = {(limit.name, limit.value) for limit in limits(system(name))}
    rules = {"MEM_UTILIZATION": "memory", "CPU_UTILIZATION": "cpu"}
    for alert in platform_alerts(system(name)).get("digitalocean app platform", []):
        assert (rules[alert["rule"]], alert["value"]) in known
    for alert in platform_alerts(system(name))["digitalocean uptime"]:
        if alert["type"] == "latency":
            assert ("response time", alert["greater_than"]) in known
        if alert["type"] == "ssl_expiry":
            assert ("certificate", alert["less_than"]) in known


def test_secrets_are_named_and_lie_in_files() -> None:
    routes = yaml.safe_load(files("performance")["alertmanager.yaml"])
    by_name = {receiver["name"]: receiver for receiver in routes["receivers"]}
    folder = "/etc/alertmanager/secrets"
    slack = by_name["paintbox-performance"]["slack_configs"][0]
    pager = by_name["paintbox-performance-pager"]["pagerduty_configs"][0]
    assert slack["api_url_file"] == f"{folder}/paintbox-performance.SLACK_WEBHOOK_URL"
    assert pager["routing_key_file"] == f"{folder}/paintbox-performance.PAGERDUTY_ROUTING_KEY"


def test_files_are_written_once_and_compared_with_check(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    of = stack("performance")
    monkeypatch.setattr("ops.alerts.files.alert_files", lambda stack: files(stack.name))
    assert len(list(write_alerts(of, tmp_path, check=False))) == 7
    assert list(write_alerts(of, tmp_path, check=False)) == ["up to date"]
    assert list(write_alerts(of, tmp_path, check=True)) == ["up to date"]
    (tmp_path / "grafana.json").write_text("{}")
    with pytest.raises(OperationError, match=r"out of date in .*: grafana\.json; run \./slipway alerts write"):
        list(write_alerts(of, tmp_path, check=True))
    assert (tmp_path / "grafana.json").read_text() == "{}"


def test_a_stack_in_which_nothing_is_watched_has_no_files() -> None:
    with pytest.raises(OperationError, match="no system of empty has monitoring"):
        alert_files(Stack("empty", "production", {}))
