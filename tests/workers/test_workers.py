"""The Workers in real workerd, with the cache rules that TETRIX deploys."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from ops.stack import load_stack
from planning.edge import cache_binding
from tests.tetrix import ROOT

pytestmark = pytest.mark.server

WORKERS = ROOT / "workers"
OLDEST_NODE = 20


@pytest.fixture(scope="module")
def node() -> str:
    """Node and the locked packages, or a reason why not."""
    found, npm = shutil.which("node"), shutil.which("npm")
    if not found or not npm:
        pytest.skip("node and npm are not on PATH: the Workers are not tried in workerd")
    version = subprocess.run([found, "--version"], capture_output=True, text=True, check=True).stdout
    if int(version.removeprefix("v").partition(".")[0]) < OLDEST_NODE:
        pytest.skip(f"Node {version.strip()} is older than {OLDEST_NODE}: the Workers are not tried in workerd")
    if not (WORKERS / "node_modules" / ".package-lock.json").exists():
        done = subprocess.run(
            [npm, "ci", "--no-audit", "--no-fund"], cwd=WORKERS, capture_output=True, text=True, check=False
        )
        if done.returncode:
            pytest.skip(f"npm ci cannot get the locked packages: {done.stderr.strip().splitlines()[-1]}")
    return found


@pytest.mark.parametrize(("name", "least"), [("calculations", 14), ("forward", 10)])
def test_a_worker_does_what_its_tests_say(node: str, name: str, least: int) -> None:
    edge = load_stack(ROOT, "production").systems["tetrix"].edge
    assert edge
    done = subprocess.run(
        [node, "--test", "--test-reporter=tap", Path("tests") / f"{name}.test.mjs"],
        cwd=WORKERS,
        env={**os.environ, "FORWARD_CACHE": cache_binding(edge)},
        capture_output=True,
        text=True,
        check=False,
        timeout=110,
    )
    assert done.returncode == 0, done.stdout
    passed = re.search(r"^# pass (\d+)$", done.stdout, re.MULTILINE)
    assert passed
    assert int(passed[1]) >= least
