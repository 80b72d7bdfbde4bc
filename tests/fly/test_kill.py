"""flyctl or the provider is killed at every step: running again always converges, and nothing is left over.

All steps in all ways take half an hour; `make test-kills` does them. Other runs kill the provider at every fifth step.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.fly.emulated import ROOT, EmulatedFly

pytestmark = pytest.mark.engine

# Plays flyctl: counts its starts, and at the chosen one kills what the test says, before or after the real flyctl ran
KILLER = """#!/bin/sh
n=$(($(cat "{count}" 2>/dev/null || echo 0) + 1))
echo $n > "{count}"
[ "$n" != "{step}" ] && exec {flyctl} "$@"
case "{mode}" in
  flyctl-during) {flyctl} "$@" & sleep 0.15; kill -9 $!; kill -9 $$ ;;
  flyctl-after) {flyctl} "$@" >/dev/null 2>&1; kill -9 $$ ;;
  provider-during) {flyctl} "$@" >/dev/null 2>&1 & sleep 0.15; kill -9 $PPID; wait ;;
  provider-after) {flyctl} "$@" >/dev/null 2>&1; kill -9 $PPID ;;
esac
"""
# Killed before it starts, flyctl did nothing, which is the same as being killed after the step before
DURING, AFTER = "flyctl-during", "provider-after"
STRIDE = int(os.environ.get("SLIPWAY_KILL_STRIDE", "5"))


def ways(*modes: str) -> list[str]:
    """All of them for a whole run, the first one else."""
    return list(modes) if STRIDE == 1 else [modes[0]]


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmulatedFly]:
    fly = EmulatedFly(tmp_path_factory.mktemp("fly"))
    yield fly
    fly.close()


class Stack:
    """One app with everything, run by the mini engine."""

    def __init__(self, platform: EmulatedFly, folder: Path, app: str) -> None:
        self.platform = platform
        self.app = app
        self.folder = folder
        self.calls = folder / "calls"

    def run(
        self, verb: str, image: str = "v1", *, step: int = 0, mode: str = "", counts: int = 2
    ) -> subprocess.CompletedProcess[str]:
        spec = self.folder / "spec.json"
        spec.write_text(json.dumps(self._spec(image, counts)))
        flyctl = self.folder / "flyctl"
        self.calls.unlink(missing_ok=True)
        real = ROOT / ".venv" / "bin" / "flyctl"
        flyctl.write_text(KILLER.format(count=self.calls, step=step, mode=mode, flyctl=real))
        flyctl.chmod(0o755)
        command = [sys.executable, "-m", "tests.fly.mini_engine", str(spec), str(self.folder / "state.json"), verb]
        environment = {**self.platform.environment(), "FLYCTL_PATH": str(flyctl)}
        return subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300, check=False
        )

    def starts(self) -> int:
        """How often the last run started flyctl."""
        return int(self.calls.read_text())

    def facts(self) -> dict[str, Any]:
        """Everything the app has."""
        flyctl = self.platform.flyctl
        return {
            "machines": sorted(m["region"] for m in self.platform.app(self.app)["machines"]),
            "images": sorted(self.platform.images(self.app)),
            "volumes": sorted(v["region"] for v in json.loads(flyctl("volumes", "list", "-a", self.app, "--json"))),
            "secrets": sorted(s["name"] for s in json.loads(flyctl("secrets", "list", "-a", self.app, "--json"))),
            "addresses": sorted(a["Type"] for a in json.loads(flyctl("ips", "list", "-a", self.app, "--json"))),
        }

    def exists(self) -> bool:
        return self.app in {app["Name"] for app in json.loads(self.platform.flyctl("apps", "list", "--json"))}

    def _spec(self, image: str, counts: int) -> list[dict[str, Any]]:
        config = {
            "primary_region": "sjc",
            "deploy": {"strategy": "rolling", "max_unavailable": 1, "wait_timeout": "60s"},
            "env": {"PORT": "8080"},
            "http_service": {
                "internal_port": 8080,
                "checks": [{"path": "/health", "interval": "5s", "timeout": "4s", "grace_period": "0s"}],
            },
            "mounts": [{"source": "data", "destination": "/data"}],
        }
        secrets = {"secrets": "$fly:index:Secrets.values", "secretDigests": "$fly:index:Secrets.digests"}
        gate = {"successes": 2, "intervalSeconds": 0.05, "timeoutSeconds": 60}
        release = {"app": self.app, "config": config, "counts": {"sjc": counts}, "image": f"slipway/web:{image}"}
        volume = {"app": self.app, "name": "data", "region": "sjc", "sizeGb": 1, "count": 2}
        return [
            {"token": "fly:index:App", "inputs": {"name": self.app, "org": "slipway"}},
            {"token": "fly:index:Address", "inputs": {"app": self.app, "type": "v6"}},
            {"token": "fly:index:Volume", "inputs": volume},
            {"token": "fly:index:Secrets", "inputs": {"app": self.app, "values": {"KEY": f"value-of-{image}"}}},
            {"token": "fly:index:Release", "inputs": {**release, **secrets, "gate": gate}},
        ]


WHOLE = {"machines": ["sjc", "sjc"], "volumes": ["sjc", "sjc"], "secrets": ["KEY"], "addresses": ["v6"]}


@pytest.mark.timeout(900)
@pytest.mark.parametrize("mode", ways(AFTER, "flyctl-after", DURING))
def test_a_first_deploy_killed_at_any_step_converges(platform: EmulatedFly, tmp_path: Path, mode: str) -> None:
    step = 1
    while True:
        (folder := tmp_path / str(step)).mkdir()
        stack = Stack(platform, folder, f"first-{mode}-{step}")
        killed = stack.run("up", step=step, mode=mode)
        if stack.starts() < step:
            assert killed.returncode == 0, killed.stderr
            break
        again = stack.run("up")
        assert again.returncode == 0, f"step {step}: {again.stderr}"
        assert stack.facts() == {**WHOLE, "images": ["v1"]}, f"step {step}"
        step += STRIDE
    assert step > 10


@pytest.mark.timeout(900)
@pytest.mark.parametrize("mode", ways(AFTER, DURING))
def test_an_update_killed_at_any_step_ends_as_the_new_release(platform: EmulatedFly, tmp_path: Path, mode: str) -> None:
    stack = Stack(platform, tmp_path, f"update-{mode}")
    assert stack.run("up").returncode == 0
    step, version = 1, 2
    while True:
        killed = stack.run("up", f"v{version}", step=step, mode=mode)
        if stack.starts() < step:
            assert killed.returncode == 0, killed.stderr
            break
        again = stack.run("up", f"v{version}")
        assert again.returncode == 0, f"step {step}: {again.stderr}"
        assert stack.facts() == {**WHOLE, "images": [f"v{version}"]}, f"step {step}"
        step, version = step + STRIDE, version + 1
    assert step > 8


@pytest.mark.timeout(900)
@pytest.mark.parametrize("mode", ways(AFTER, "provider-during"))
def test_a_rollback_killed_at_any_step_ends_as_the_old_release(
    platform: EmulatedFly, tmp_path: Path, mode: str
) -> None:
    stack = Stack(platform, tmp_path, f"back-{mode}")
    assert stack.run("up").returncode == 0
    step = 1
    while True:
        killed = stack.run("up", f"v{step}-crash", step=step, mode=mode)
        assert killed.returncode != 0
        if stack.starts() < step:
            assert "rolled back" in killed.stderr, killed.stderr
            break
        again = stack.run("up", f"v{step}-crash")
        assert "rolled back" in again.stderr, f"step {step}: {again.stderr}"
        assert stack.facts() == {**WHOLE, "images": ["v1"]}, f"step {step}"
        step += STRIDE
    assert step > 10


@pytest.mark.timeout(600)
@pytest.mark.parametrize("mode", ways(AFTER, DURING))
def test_a_destroy_killed_at_any_step_leaves_nothing(platform: EmulatedFly, tmp_path: Path, mode: str) -> None:
    step = 1
    while True:
        (folder := tmp_path / str(step)).mkdir()
        stack = Stack(platform, folder, f"down-{mode}-{step}")
        assert stack.run("up").returncode == 0
        killed = stack.run("down", step=step, mode=mode)
        if stack.starts() < step:
            assert killed.returncode == 0, killed.stderr
            break
        again = stack.run("down")
        assert again.returncode == 0, f"step {step}: {again.stderr}"
        assert not stack.exists(), f"step {step}"
        step += STRIDE
    assert step > 5
