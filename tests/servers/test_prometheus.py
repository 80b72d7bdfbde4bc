"""The generated rules, routes and their tests, on the real promtool and amtool."""

from __future__ import annotations

import json
import random
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from ops.alerts.files import write_alerts
from planning.alerts.alert import system_alerts
from planning.alerts.incident import Incident, Round
from planning.alerts.rule_tests import incident_test
from planning.alerts.rules import rule_file
from tests.servers.program import program
from tests.stacks import loaded

pytestmark = pytest.mark.server


@pytest.fixture(scope="module", params=["production", "performance"])
def folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    made = tmp_path_factory.mktemp(request.param)
    list(write_alerts(loaded(request.param), made, check=False))
    return made


def run(name: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [program(name), *map(str, arguments)], capture_output=True, text=True, check=False, timeout=60
    )


def test_prometheus_takes_the_rules_and_says_in_every_incident_what_the_monitor_says(folder: Path) -> None:
    rules, tests = sorted(folder.glob("prometheus/*.rules.yaml")), sorted(folder.glob("prometheus/*.tests.json"))
    checked = run("promtool", "check", "rules", *rules)
    assert checked.returncode == 0, checked.stderr
    assert len(rules) == len(tests) >= 2
    tested = run("promtool", "test", "rules", *tests)
    assert tested.returncode == 0, tested.stdout + tested.stderr


@pytest.mark.parametrize("seed", range(3))
def test_prometheus_agrees_in_an_incident_that_nobody_thought_of(tmp_path: Path, seed: int) -> None:
    name, dice = "paintbox-performance", random.Random(seed)  # noqa: S311  no secret
    of = loaded("performance").systems[name]
    listed = system_alerts(name, of)
    by_measure = {alert.threshold.measure: alert.threshold for alert in listed if alert.threshold.name != "flapping"}
    measured = dict.fromkeys(by_measure, 0.0)
    rounds = []
    for number in range(150):
        for measure, limit in by_measure.items():
            # Trouble and its absence last a while, so that every alert fires and ends, and some almost do.
            if number == 0 or dice.random() < 0.3:
                measured[measure] = dice.choice((limit.value, limit.value / 2, limit.value * 2))
        rounds.append(Round(number * 60.0, dict(measured)))
    test = incident_test(Incident("dice", tuple(rounds)), listed, of, "production", title=f"dice {seed}")
    assert len(test["alert_rule_test"]) > 60
    (tmp_path / "rules.yaml").write_text(json.dumps(rule_file(name, of, "production")))
    tests = {"rule_files": ["rules.yaml"], "evaluation_interval": "1m", "tests": [test]}
    (tmp_path / "tests.json").write_text(json.dumps(tests))
    tested = run("promtool", "test", "rules", tmp_path / "tests.json")
    assert tested.returncode == 0, tested.stdout + tested.stderr


def test_prometheus_notices_a_rule_that_waits_a_minute_less(folder: Path) -> None:
    """The tests that are generated with the rules can fail."""
    rules = folder / "prometheus" / min(file.name for file in folder.glob("prometheus/*.rules.yaml"))
    text = rules.read_text()
    for before, after in (
        ("for: 5m", "for: 4m"),
        ("for: 2m", "for: 1m"),
        ("keep_firing_for: 1m", "keep_firing_for: 2m"),
    ):
        assert before in text
        rules.write_text(text.replace(before, after))
        assert (
            run("promtool", "test", "rules", rules.with_name(rules.name.replace("rules.yaml", "tests.json"))).returncode
            == 1
        )
    rules.write_text(text)


def test_alertmanager_takes_the_routes_and_wakes_somebody_for_what_is_critical_only(folder: Path) -> None:
    config = folder / "alertmanager.yaml"
    checked = run("amtool", "check-config", config)
    assert checked.returncode == 0, checked.stderr
    for system in {receiver["name"] for receiver in yaml.safe_load(config.read_text())["receivers"]}:
        if system.endswith("-pager"):
            name = system.removesuffix("-pager")
            assert receivers(config, f"system={name}", "severity=critical") == [system, name]
            assert receivers(config, f"system={name}", "severity=warning") == [name]


def receivers(config: Path, *labels: str) -> list[str]:
    found = run("amtool", "config", "routes", "test", f"--config.file={config}", *labels)
    assert found.returncode == 0, found.stderr
    return found.stdout.strip().split(",")


RAW = {
    'fly_instance_memory_mem_total{app="paintbox-app",instance="a"}': "1073741824x20",
    'fly_instance_memory_mem_available{app="paintbox-app",instance="a"}': "104857600x20",
    'fly_instance_cpu{app="paintbox-app",instance="a",mode="idle"}': "0+25x20",
    'fly_instance_cpu{app="paintbox-app",instance="a",mode="user"}': "0+75x20",
    'fly_edge_http_responses_count{app="paintbox-app",status="200"}': "0+90x20",
    'fly_edge_http_responses_count{app="paintbox-app",status="503"}': "0+10x20",
    'fly_app_http_response_time_seconds_bucket{app="paintbox-app",le="1"}': "0+0x20",
    'fly_app_http_response_time_seconds_bucket{app="paintbox-app",le="3"}': "0+100x20",
    'fly_app_http_response_time_seconds_bucket{app="paintbox-app",le="+Inf"}': "0+100x20",
    'cache_requests_total{app="paintbox-app",result="hit"}': "0+60x20",
    'cache_requests_total{app="paintbox-app",result="miss"}': "0+40x20",
    'pgbouncer_pools_client_maxwait_seconds{app="paintbox-pgbouncer",database="paintbox"}': "1.5x20",
}
"""What Fly.io, the app and PgBouncer's exporter count, a minute a value."""

RECORDED = {
    "slipway:memory_megabytes:max": 924,
    "slipway:cpu_percent:rate5m": 75,
    "slipway:error_percent:rate5m": 10,
    "slipway:response_time_p95_milliseconds:rate5m": 2900,
    "slipway:cache_hit_percent:rate5m": 60,
    "slipway:pool_wait_milliseconds:max": 1500,
}


def recorded(tmp_path: Path, series: dict[str, str], expected: dict[str, Any]) -> subprocess.CompletedProcess[str]:
    system = loaded("performance").systems["paintbox-performance"]
    name = "paintbox-performance"
    (tmp_path / "rules.yaml").write_text(json.dumps(rule_file(name, system, "production")))
    checks = [
        {
            "expr": metric,
            "eval_time": "15m",
            "exp_samples": [{"labels": f'{metric}{{system="{name}"}}', "value": value}] if value is not None else [],
        }
        for metric, value in expected.items()
    ]
    inputs = [{"series": metric, "values": values} for metric, values in series.items()]
    test = {"interval": "1m", "input_series": inputs, "promql_expr_test": checks}
    (tmp_path / "tests.yaml").write_text(
        json.dumps({"rule_files": ["rules.yaml"], "evaluation_interval": "1m", "tests": [test]})
    )
    return run("promtool", "test", "rules", tmp_path / "tests.yaml")


def test_what_fly_counts_becomes_the_numbers_of_the_thresholds(tmp_path: Path) -> None:
    found = recorded(tmp_path, RAW, RECORDED)
    assert found.returncode == 0, found.stdout + found.stderr


def test_shares_of_too_few_requests_are_not_spoken_of(tmp_path: Path) -> None:
    few = {metric: values for metric, values in RAW.items() if "count" not in metric and "cache" not in metric}
    few['fly_edge_http_responses_count{app="paintbox-app",status="503"}'] = "0+3x20"
    found = recorded(tmp_path, few, {"slipway:error_percent:rate5m": None, "slipway:cache_hit_percent:rate5m": None})
    assert found.returncode == 0, found.stdout + found.stderr
