"""A rehearsed system is put under load where it answers, on both platforms."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.rehearsal.project import Project

pytestmark = pytest.mark.engine


def measured(project: Project, system: str, *options: str) -> dict[str, Any]:
    """What a short load test of a rehearsed system says."""
    place = ("--stack", "staging", "--sandbox", "--system", system)
    done = project.slipway("loadtest", *place, "--within", "5", "--yes", "--json", *options)
    assert done.returncode in {0, 12}, done.stdout + done.stderr
    found: dict[str, Any] = json.loads(done.stdout)["tests"][0]
    # How fast a busy machine answers is no matter of this project.
    assert found["verdict"] == ("reached" if done.returncode == 0 else "missed")
    return found


def test_a_system_on_app_platform_reaches_its_targets_and_is_compared_with_the_last_time(rehearsed: Project) -> None:
    first, second = measured(rehearsed, "tetrix"), measured(rehearsed, "tetrix", "--seed", "2")
    assert first["emulated"]
    assert first["before"] is None
    assert second["before"]["seed"] == 1
    assert "not measured" not in {each["verdict"] for each in first["targets"]}
    kept = {each["name"] for each in first["targets"] if each["verdict"] == "kept"}
    assert kept >= {"errors", "requests", "users"}


def test_a_system_on_fly_with_users_on_socket_io_reaches_its_targets(rehearsed: Project) -> None:
    told = measured(rehearsed, "tattoo-contest")
    assert told["sockets"]["most_open"] == told["sockets"]["users"] == 75
    assert told["sockets"]["failures"] == {}
    assert told["requests"] > 50
    assert told["errors"] == 0
