"""Operating what was deployed, on both platforms: the real flyctl, the real engine, the emulated clouds."""

from __future__ import annotations

import json
import subprocess
import threading
from typing import Any

import pytest
import urllib3

from ops.exit_code import ExitCode
from sandbox import control
from sandbox.faults import Plan
from sandbox.fly.client import FlyClient
from tests.rehearsal.project import Project

pytestmark = [pytest.mark.engine, pytest.mark.timeout(300)]

# Each on a connection of its own: a server may close one that was idle just when something is sent on it.
HTTP = urllib3.PoolManager(retries=False, timeout=60, headers={"Connection": "close"})
HERE = ("--stack", "staging", "--sandbox")
HEALTH = {"tetrix": "/api/health", "paintbox": "/api/health/simple"}


def did(project: Project, *arguments: str, code: int = 0) -> str:
    done = project.slipway(*arguments, *HERE)
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout


def told(project: Project, *arguments: str, code: int = 0) -> Any:
    return json.loads(did(project, *arguments, "--json", code=code))


def urls(project: Project) -> dict[str, str]:
    """Where the two systems answer, on loopback."""
    endpoints = control.find(project.home)
    assert endpoints
    fly = FlyClient(endpoints.fly["machines"]).app("paintbox-staging")["url"]
    return {"tetrix": project.apps()["tetrix-minimal-staging"]["url"], "paintbox": fly}


def statuses(project: Project) -> dict[str, int]:
    return {name: HTTP.request("GET", url + HEALTH[name]).status for name, url in urls(project).items()}


class Visitors:
    """Ask both systems again and again while the block runs, and keep every status."""

    def __init__(self, project: Project) -> None:
        self.seen: list[int] = []
        self._asked = [url + HEALTH[name] for name, url in urls(project).items()]
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def _run(self) -> None:
        while not self._end.wait(0.02):
            self.seen += [HTTP.request("GET", url).status for url in self._asked]

    def __enter__(self) -> Visitors:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self._thread.join()


def test_status_shows_both_platforms_and_goes_on_through_rate_limits(rehearsed: Project) -> None:
    rehearsed.client.plant(Plan("throttle", api="digitalocean", operation="list_apps", count=2))
    rehearsed.client.plant(Plan("throttle", api="fly", operation="machine_list", count=1))
    systems = {entry["system"]: entry for entry in told(rehearsed, "status")["systems"]}
    assert [(name, entry["trouble"]) for name, entry in systems.items()] == [
        ("tetrix", ""),
        ("paintbox", ""),
        ("tattoo-contest", ""),
    ]
    assert {instance["well"] for entry in systems.values() for instance in entry["instances"]} == {True}
    assert [instance["region"] for instance in systems["paintbox"]["instances"]] == ["sjc", "sjc"]
    (domain,) = systems["tetrix"]["domains"]
    assert (domain["name"], domain["state"]) == ("staging.tetrixcorp.com", "active")
    table = did(rehearsed, "status")
    assert all(instance["id"] in table for entry in systems.values() for instance in entry["instances"])
    assert rehearsed.client.clear_faults() == 2


def test_nothing_is_done_without_yes_and_nothing_to_a_foreign_system(rehearsed: Project) -> None:
    before = told(rehearsed, "status")
    assert "tetrix: would archive tetrix-minimal-staging\n" in did(rehearsed, "stop")
    assert "to do it, add --yes" in did(rehearsed, "restart")
    did(rehearsed, "scale", "--system", "paintbox", "--count", "1")
    done = rehearsed.slipway("stop", "--system", "tetris", "--yes", *HERE)
    assert (done.returncode, done.stderr.splitlines()[-1]) == (
        ExitCode.USAGE,
        'tetris is no system of staging; did you mean "tetrix"?',
    )
    assert told(rehearsed, "status") == before


def test_an_emergency_stop_holds_against_visitors_until_the_start(rehearsed: Project) -> None:
    assert statuses(rehearsed) == {"tetrix": 200, "paintbox": 200}
    assert told(rehearsed, "stop", "--yes")["done"]
    assert [statuses(rehearsed) for _ in range(2)] == [{"tetrix": 503, "paintbox": 503}] * 2
    seen = told(rehearsed, "status")["systems"]
    assert {(one["state"], one["cordoned"]) for entry in seen for one in entry["instances"]} == {("stopped", True)}
    drifted = told(rehearsed, "drift", code=ExitCode.DRIFT)["differences"]
    assert {(one["system"], one["property"]) for one in drifted} == {
        ("tetrix", "spec.maintenance"),
        ("paintbox", "cordoned"),
        ("tattoo-contest", "cordoned"),
    }
    did(rehearsed, "start", "--yes")
    assert statuses(rehearsed) == {"tetrix": 200, "paintbox": 200}


def test_a_restart_loses_no_visitor_where_there_are_two(rehearsed: Project) -> None:
    did(rehearsed, "scale", "--system", "tetrix", "--count", "2", "--size", "apps-s-1vcpu-1gb", "--yes")
    machines = [one["id"] for one in told(rehearsed, "status", "--system", "paintbox")["systems"][0]["instances"]]
    flyctl = ["machine", "start", *machines, "--app", "paintbox-staging"]
    run_flyctl(rehearsed, *flyctl)
    with Visitors(rehearsed) as visitors:
        lines = did(rehearsed, "restart", "--yes").splitlines()
    assert set(visitors.seen) == {200}
    assert sum(line.endswith(" runs again and passes its checks") for line in lines) == 3
    did(rehearsed, "scale", "--system", "tetrix", "--count", "1", "--size", "apps-s-1vcpu-0.5gb", "--yes")


def run_flyctl(project: Project, *arguments: str) -> None:
    endpoints = control.find(project.home)
    assert endpoints
    environment = {**endpoints.environment(), "HOME": str(project.home), "PATH": "/usr/bin:/bin"}
    program = project.root / ".venv" / "bin" / "flyctl"
    subprocess.run([program, *arguments], env=environment, check=True, capture_output=True, timeout=120)


def test_scale_says_what_to_change_and_drift_finds_it_property_by_property(rehearsed: Project) -> None:
    said = did(rehearsed, "scale", "--system", "paintbox", "--count", "1", "--memory", "4096", "--yes")
    assert "Pulumi.staging.yaml, line " in said
    assert ": maximum is 2; write maximum: 1\n" in said
    assert "systems/paintbox.yaml, line " in said
    refused = rehearsed.slipway("scale", "--system", "tattoo-contest", "--count", "2", "--yes", *HERE)
    assert (refused.returncode, "the settings would not allow it" in refused.stderr) == (ExitCode.SETTINGS, True)
    drifted = told(rehearsed, "drift", "--system", "paintbox", code=ExitCode.DRIFT)["differences"]
    assert [(one["property"], one["settings"], one["state"], one["live"]) for one in drifted] == [
        ("counts.sjc", 2, 2, 1),
        ("guest.memory_mb", 2048, 2048, 4096),
    ]
    did(rehearsed, "scale", "--system", "paintbox", "--count", "2", "--memory", "2048", "--yes")
    assert told(rehearsed, "drift") == {"stack": "staging", "drifted": False, "differences": []}


def test_logs_of_both_platforms_and_a_failed_deployments_reason(rehearsed: Project) -> None:
    lines = did(rehearsed, "logs", "--lines", "5").splitlines()
    assert {line.split()[0] for line in lines} == {"tetrix", "paintbox", "tattoo-contest"}
    rehearsed.client.plant(Plan("unhealthy", target="app/tetrix-minimal-staging"))
    done = rehearsed.slipway("restart", "--system", "tetrix", "--yes", *HERE)
    assert (done.returncode, "the health checks of the new instances failed" in done.stderr) == (
        ExitCode.UNVERIFIED,
        True,
    )
    assert statuses(rehearsed)["tetrix"] == 200


def test_the_doctor_finds_everything_well(rehearsed: Project) -> None:
    findings = told(rehearsed, "doctor")
    assert [finding for finding in findings if finding["level"] == "bad"] == []
    assert {finding["area"] for finding in findings} >= {"programs", "settings", "tokens", "quotas", "machine"}
