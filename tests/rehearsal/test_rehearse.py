"""`./slipway rehearse`, whole: the real engine on the emulated cloud."""

from __future__ import annotations

import json
import os

import pytest
import urllib3

from tests.patience import eventually
from tests.rehearsal.project import Project

pytestmark = pytest.mark.engine


def test_production_takes_over_the_app_that_exists_and_gives_it_two_replicas(project: Project) -> None:
    done = project.slipway("rehearse", "production")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "import   App tetrix-app" in done.stdout
    app = project.apps()["tetrix-minimal"]
    assert app["id"] == "ca96485c-ee6b-401b-b1a2-8442c3bc7f04"
    assert len(app["instances"]) == 2
    http = urllib3.PoolManager()
    for instance in app["instances"]:
        assert http.request("GET", f"{instance['url']}/api/health").status == 200
    again = project.slipway("rehearse", "production")
    assert again.returncode == 0, again.stdout + again.stderr
    assert "import" not in again.stdout
    assert "✓ second preview: no change" in again.stdout
    assert "✓ refresh: no drift" in again.stdout
    assert project.refused_tomls("production") == {}


def test_a_single_up_of_a_new_stack_leaves_nothing_to_change_and_no_drift(project: Project) -> None:
    up = project.pulumi("staging", "up", "--yes")
    assert up.returncode == 0, up.stdout + up.stderr
    preview = project.pulumi("staging", "preview", "--expect-no-changes")
    assert preview.returncode == 0, preview.stdout + preview.stderr
    refresh = project.pulumi("staging", "refresh", "--preview-only", "--expect-no-changes")
    assert refresh.returncode == 0, refresh.stdout + refresh.stderr


@pytest.mark.parametrize("left", [0.0, 0.5], ids=["empty", "half"])
def test_a_state_cut_off_after_an_up_is_put_back_and_said_and_nothing_is_made_twice(
    rehearsed: Project, left: float
) -> None:
    state = rehearsed.state_file("staging")
    deployed, clouds = state.read_text(), rehearsed.client.resources()
    os.truncate(state, int(len(deployed) * left))
    lock = rehearsed.home / "state" / ".pulumi" / "locks" / "organization" / "slipway" / "staging" / "cut.json.1f.tmp"
    lock.parent.mkdir(parents=True, exist_ok=True)
    lock.touch()
    done = rehearsed.slipway("rehearse", "staging")
    assert done.returncode == 0, done.stdout + done.stderr
    removed, put_back = done.stderr.splitlines()
    assert removed == "removed 1 unfinished file of a run of the engine that was killed"
    assert put_back.startswith("the rehearsal's state of staging could not be read: put back its copy of ")
    assert "create" not in done.stdout
    assert "✓ second preview: no change" in done.stdout
    assert rehearsed.client.resources() == clouds


def test_a_replica_count_changed_by_hand_is_shown_by_refresh_and_put_back_by_up(rehearsed: Project) -> None:
    drift = rehearsed.slipway("sandbox", "drift", "tetrix-minimal-staging", "spec.services[0].instanceCount", "3")
    assert drift.stdout == "tetrix-minimal-staging spec.services[0].instanceCount: 1 → 3\n", drift.stderr
    assert len(rehearsed.apps()["tetrix-minimal-staging"]["instances"]) == 3
    shown = rehearsed.pulumi("staging", "refresh", "--preview-only", "--diff")
    assert "instanceCount: 1 => 3" in shown.stdout
    up = rehearsed.pulumi("staging", "up", "--yes", "--refresh")
    assert up.returncode == 0, up.stdout + up.stderr
    assert len(rehearsed.apps()["tetrix-minimal-staging"]["instances"]) == 1


def test_a_changed_secret_shows_as_a_change_without_its_value_and_settles(rehearsed: Project) -> None:
    planted = {"SLIPWAY_SECRET_TETRIX_TELNYX_API_KEY": "planted-3f9a-value"}
    preview = rehearsed.pulumi("staging", "preview", "--diff", **planted)
    assert "1 to update" in preview.stdout
    assert "planted-3f9a-value" not in preview.stdout + preview.stderr
    up = rehearsed.pulumi("staging", "up", "--yes", **planted)
    assert up.returncode == 0, up.stdout + up.stderr
    again = rehearsed.pulumi("staging", "preview", "--expect-no-changes", **planted)
    assert again.returncode == 0, again.stdout + again.stderr
    back = rehearsed.slipway("rehearse", "staging")
    assert back.returncode == 0, back.stdout + back.stderr


def test_what_is_deployed_costs_what_is_described_until_the_description_changes(rehearsed: Project) -> None:
    same = json.loads(rehearsed.slipway("cost", "--diff", "--sandbox", "--stack", "staging", "--json").stdout)
    assert same["changed"] == []
    assert same["total"]["before"] == same["total"]["after"]
    assert same["systems"]["tetrix"]["before"]["unknown"] == 0
    file = rehearsed.root / "Pulumi.staging.yaml"
    content = file.read_text()
    try:
        assert "        size: apps-s-1vcpu-0.5gb\n" in content
        file.write_text(content.replace("        size: apps-s-1vcpu-0.5gb\n", "        size: apps-s-1vcpu-2gb\n"))
        found = json.loads(rehearsed.slipway("cost", "--diff", "--sandbox", "--stack", "staging", "--json").stdout)
    finally:
        file.write_text(content)
    assert [(pair["before"]["low"], pair["after"]["low"]) for pair in found["changed"]] == [(5.0, 25.0)]
    assert found["total"]["delta"] == {"low": 20.0, "high": 20.0, "unknown": 0}


def test_a_lock_that_a_living_process_holds_is_respected(rehearsed: Project) -> None:
    rehearsed.slipway("sandbox", "faults", "latency", "--operation", "update", "--latency-ms", "4000", "--count", "0")
    rehearsed.slipway("sandbox", "drift", "tetrix-minimal-staging", "spec.services[0].instanceCount", "2")
    process = rehearsed.start_pulumi("staging", "up", "--yes", "--refresh", "--skip-preview")
    try:
        _wait_for_lock(rehearsed)
        with rehearsed.held_still(process):
            refused = rehearsed.slipway("rehearse", "staging")
    finally:
        process.wait(timeout=200)
        rehearsed.slipway("sandbox", "faults", "--clear")
    assert refused.returncode == 8, refused.stdout + refused.stderr
    assert "another run holds the stack: process" in refused.stderr
    assert process.returncode == 0


def _wait_for_lock(project: Project) -> None:
    folder = project.home / "state" / ".pulumi" / "locks"
    eventually(lambda: list(folder.rglob("*.json")), seconds=120)


def test_cleaning_up_leaves_no_process_and_no_file(project: Project) -> None:
    project.slipway("sandbox", "start")
    pid = project.client.status()["pid"]
    done = project.slipway("sandbox", "stop", "--remove")
    assert done.returncode == 0, done.stderr
    assert not project.home.exists()
    assert not _alive(pid)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
