"""The same test for k6 and Artillery: their own programs accept what is written, and no secret is in it."""

from __future__ import annotations

import json
import re
import subprocess
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import yaml

from ops.errors import OperationError
from ops.loadtest.export import export
from ops.loadtest.k6 import segments
from planning.load_plan import LoadPlan, Phase
from planning.thresholds import Threshold
from settings.load_test import LoadRequest, LoadSocket
from tests.loadtest.artillery import Artillery
from tests.loadtest.k6 import k6
from tests.loadtest.plans import plan, target

URL = "https://example.com"
_THRESHOLDS_CROSSED = 99
"""How k6 ends then."""
SOCKET = LoadSocket(path="/socket.io", protocol="socket.io", users=3, every=timedelta(seconds=1), event="vote")
PLAIN = LoadSocket(path="/ws", users=3, every=timedelta(seconds=1))
PLAN = replace(
    plan(
        Phase("ramp-up", 0, 1.5, 5, 26.25, judged=False),
        Phase("sustained", 1.5, 3, 26.25, 26.25, judged=True),
        targets=(
            Threshold("errors", 5, "percent", "alert"),
            target("requests", 25, "per second", above=False),
            target("users", 3, "users", above=False),
            target("p95", 1000, "ms"),
            target("p95", 200, "ms", subject="/a"),
            target("p99", 500, "ms", subject="/a"),
        ),
        a=LoadRequest(path="/a", weight=3),
        b=LoadRequest(method="POST", path="/b", body='{"text": "`${1}`"}'),
        socket=SOCKET,
    ),
    secret_headers={"X-Load-Test": "LOAD_TEST_KEY"},
)


def files(tool: str, folder: Path, wanted: LoadPlan = PLAN) -> dict[str, str]:
    written = list(export(tool, folder, wanted, URL))
    found = {file.name: file.read_text() for file in folder.iterdir()}
    assert sorted(written) == sorted(f"wrote {folder / name}" for name in found)
    return found


def test_k6_keeps_the_rates_and_the_targets_of_judged_phases(tmp_path: Path) -> None:
    script = files("k6", tmp_path)["sample.js"]
    options = json.loads(script.partition("export const options = ")[2].partition(";\noptions.")[0])
    assert options["scenarios"]["sustained"] == {
        "executor": "ramping-arrival-rate",
        "exec": "request",
        "startTime": "1500ms",
        "timeUnit": "100s",
        "startRate": 2625,
        "stages": [{"target": 2625, "duration": "3s"}],
        "preAllocatedVUs": 3,
        "maxVUs": 4,
        "gracefulStop": "5s",
    }
    ramp = options["scenarios"]["ramp-up"]
    assert (ramp["startRate"], ramp["stages"]) == (500, [{"target": 2625, "duration": "1500ms"}])
    assert options["thresholds"] == {
        "dropped_iterations": ["count==0"],
        "http_req_failed": ["rate<=0.05"],
        "websocket_lost": ["rate<=0.05"],
        "http_req_duration{scenario:sustained}": ["p(95)<=1000"],
        "http_req_duration{endpoint:/a,scenario:sustained}": ["p(95)<=200", "p(99)<=500"],
    }
    assert 'options.thresholds["http_reqs{scenario:sustained}"] = [`count>=${Math.floor(75 / SEGMENTS)}`];' in script
    assert '"X-Load-Test": __ENV.LOAD_TEST_KEY' in script


def test_segments_share_the_whole_test_among_machines() -> None:
    lines = segments("sample", 3).splitlines()[1:]
    assert [line.split('"')[1] for line in lines] == ["0:1/3", "1/3:2/3", "2/3:1"]
    assert all('--execution-segment-sequence "0,1/3,2/3,1" --env SEGMENTS=3 sample.js' in line for line in lines)


def test_artillery_keeps_rates_weights_and_targets(tmp_path: Path) -> None:
    found = files("artillery", tmp_path)
    script = yaml.safe_load(found["sample.yml"])
    assert script["config"]["phases"] == [
        {"name": "ramp-up", "duration": 1.5, "arrivalRate": 5, "rampTo": 26.25},
        {"name": "sustained", "duration": 3, "arrivalRate": 26.25},
    ]
    assert script["config"]["http"]["defaults"]["headers"] == {"X-Load-Test": "{{ $env.LOAD_TEST_KEY }}"}
    assert [(each["name"], each["weight"]) for each in script["scenarios"]] == [("a", 3), ("b", 1)]
    assert script["scenarios"][1]["flow"][0]["post"]["json"] == {"text": "`${1}`"}
    assert {"plugins.metrics-by-endpoint.response_time./a.p99": 501} in script["config"]["plugins"]["ensure"][
        "thresholds"
    ]
    sockets = yaml.safe_load(found["sample-sockets.yml"])
    assert sockets["scenarios"][0]["flow"] == [{"loop": [{"emit": ["vote"]}, {"think": 1.0}], "count": 4}]


def test_a_tool_that_is_not_known_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OperationError, match=r"^k7 is no tool that .* for; known here: artillery, k6$"):
        list(export("k7", tmp_path, PLAN, URL))


@pytest.mark.server
@pytest.mark.timeout(900)
@pytest.mark.parametrize("socket", [SOCKET, PLAIN], ids=["socket.io", "plain"])
def test_k6_accepts_the_script_and_runs_it(socket: LoadSocket, app: str, tmp_path: Path) -> None:
    program = k6()
    inspected = _k6(program, "inspect", "--execution-requirements", _runnable(tmp_path, socket))
    assert inspected.returncode == 0, inspected.stderr
    requirements = json.loads(inspected.stdout)
    assert requirements["totalDuration"] == "9.5s"
    assert set(requirements["scenarios"]) == {"ramp-up", "sustained", "websocket"}
    done = _k6(program, "run", "--quiet", "--env", f"BASE_URL={app}", tmp_path / "sample.js")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "✓ 'p(99)<=30000'" in done.stdout
    assert "✓ 'rate<=0.05' rate=0.00%" in done.stdout.partition("websocket_lost")[2]
    assert re.search(r"^ +ws_sessions\.*: 3 ", done.stdout, re.MULTILINE)


@pytest.mark.server
@pytest.mark.timeout(900)
def test_in_k6_a_refused_user_tries_once_and_counts_as_lost(server: str, tmp_path: Path) -> None:
    script = _runnable(tmp_path, PLAIN)
    done = _k6(k6(), "run", "--quiet", "--env", f"BASE_URL={server}", script)
    assert done.returncode == _THRESHOLDS_CROSSED, done.stdout + done.stderr
    assert "✗ 'rate<=0.05' rate=100.00%" in done.stdout.partition("websocket_lost")[2]
    assert re.search(r"^ +ws_sessions\.*: 3 ", done.stdout, re.MULTILINE)


def _runnable(folder: Path, socket: LoadSocket) -> Path:
    """The script of a test that a machine can pass although it stands still for a moment."""
    easy = {"ms": 30_000.0, "per second": 5.0}
    targets = tuple(replace(each, value=easy.get(each.unit, each.value)) for each in PLAN.targets)
    files("k6", folder, replace(PLAN, think_seconds=3.0, targets=targets, socket=socket))
    return folder / "sample.js"


@pytest.mark.server
@pytest.mark.timeout(900)
def test_k6_wants_the_secret_from_the_environment(tmp_path: Path) -> None:
    program = k6()
    files("k6", tmp_path)
    done = subprocess.run([program, "inspect", "sample.js"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "the header X-Load-Test needs its secret in the environment" in done.stderr


def _k6(program: Path, verb: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [program, verb, "--env", "LOAD_TEST_KEY=x", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)


@pytest.mark.browser
@pytest.mark.parametrize("socket", [SOCKET, PLAIN], ids=["socket.io", "plain"])
def test_artillery_accepts_its_scripts(socket: LoadSocket, tmp_path: Path, artillery: Artillery) -> None:
    wanted = replace(PLAN, socket=socket)
    for text in files("artillery", tmp_path, wanted).values():
        assert artillery.objection(yaml.safe_load(text)) is None
    assert artillery.objection({"config": {"target": URL}, "scenarios": [{"engine": "http"}]}) is not None
