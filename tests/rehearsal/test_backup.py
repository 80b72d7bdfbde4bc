"""Backup, drill and restore of an app with its state in files, with the real engine and flyctl."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from sandbox import control
from sandbox.fly.client import FlyClient
from tests.patience import eventually
from tests.rehearsal.project import Project

pytestmark = pytest.mark.engine

APP = "tattoo-contest"
HERE = ("--sandbox", "--system", APP)
ACT = (*HERE, "--yes")


@pytest.fixture(scope="module")
def contest(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """Tattoo Contest alone, rehearsed, with two files on its volume and one backup of them."""
    project = Project(tmp_path_factory.mktemp("contest") / "project")
    project.keep_systems("production", APP)
    done = project.slipway("rehearse", "production")
    assert done.returncode == 0, done.stdout + done.stderr
    write(project, "data/data.json", '{"submissions": 1}')
    write(project, "uploads/sketch.bin", "ink" * 300_000)
    assert ok(project, "backup", *ACT).startswith(f"{APP}: backup 2")
    yield project
    project.close()


def ok(project: Project, *arguments: str) -> str:
    done = project.slipway(*arguments)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def fly(project: Project) -> dict[str, Any]:
    endpoints = control.find(project.home)
    assert endpoints
    return FlyClient(endpoints.fly["machines"]).app(APP)


def used(project: Project) -> dict[str, Any]:
    """The one volume that a machine of the app has."""
    (found,) = [volume for volume in fly(project)["volumes"] if volume["machine"]]
    return dict(found)


def write(project: Project, path: str, text: str) -> None:
    file = Path(used(project)["folder"]) / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)


def text(project: Project, path: str = "data/data.json") -> str:
    return (Path(used(project)["folder"]) / path).read_text()


def objects(project: Project, name: str) -> list[Path]:
    return sorted((project.home / "records" / "production" / "backups").rglob(name))


def drills(project: Project) -> list[dict[str, Any]]:
    return list(json.loads((project.home / "records" / "production" / "drills.json").read_text()))


def nothing_is_left_beside(project: Project) -> None:
    found = fly(project)
    assert len(found["machines"]) == 1
    assert [volume for volume in found["volumes"] if volume["name"] == "slipway_scratch"] == []


def preview_is_clean(project: Project, *options: str) -> None:
    done = project.pulumi("production", "preview", "--expect-no-changes", *options)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_good_backup_passes_its_drill_and_the_times_are_on_record(contest: Project) -> None:
    said = ok(contest, "drill", *ACT)
    assert "2 files are as they were kept" in said
    last = drills(contest)[-1]
    assert last["ok"] is True
    assert 0 < last["rto_seconds"] < 300
    assert last["rpo_seconds"] > 0
    nothing_is_left_beside(contest)


def test_settings_configuration_and_names_of_secrets_are_kept_and_no_value(contest: Project) -> None:
    (settings,) = objects(contest, "settings.json")
    assert json.loads(settings.read_text())["backup"]["keep"] == 50
    (configuration,) = objects(contest, f"{APP}.fly.json")
    assert json.loads(configuration.read_text())["primary_region"] == "iad"
    manifest = json.loads(objects(contest, "manifest.json")[0].read_text())
    assert manifest["apps"][APP]["secrets"] == ["ADMIN_PASSWORD", "ADMIN_USER", "CLOUDINARY_URL"]
    assert "cloudinary://" not in "".join(
        file.read_bytes().decode(errors="replace") for file in objects(contest, "*.json")
    )


def test_without_yes_nothing_is_done(contest: Project) -> None:
    before = fly(contest)
    for verb in ("backup", "drill", "restore"):
        assert "to do it, add: --yes" in ok(contest, verb, *HERE)
    assert fly(contest)["volumes"] == before["volumes"]
    assert len(objects(contest, "manifest.json")) == 1


def test_a_planted_corrupt_backup_fails_the_drill_and_is_not_restored(contest: Project) -> None:
    (archive,) = objects(contest, "*.tar.gz")
    whole = archive.read_bytes()
    archive.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    done = contest.slipway("drill", *ACT)
    assert done.returncode == 15, done.stdout + done.stderr
    assert "has other bytes than were kept" in done.stderr
    assert drills(contest)[-1]["ok"] is False
    assert drills(contest)[-1]["rto_seconds"] is None
    assert contest.slipway("restore", *ACT).returncode == 15
    archive.write_bytes(whole)


def test_a_snapshot_with_other_bytes_fails_the_drill_and_touches_no_app(contest: Project) -> None:
    manifest = json.loads(objects(contest, "manifest.json")[0].read_text())
    file = contest.home / "disks" / manifest["volumes"][0]["snapshot"] / "data" / "data.json"
    whole = file.read_text()
    file.write_text('{"submissions": 0}')
    before = used(contest)
    for verb in ("drill", "restore"):
        done = contest.slipway(verb, *ACT)
        assert done.returncode == 15, done.stdout + done.stderr
        assert "data/data.json has other bytes than were kept" in done.stderr
    file.write_text(whole)
    assert used(contest) == before
    nothing_is_left_beside(contest)


def test_where_the_snapshot_is_gone_the_archive_is_restored(contest: Project) -> None:
    file = objects(contest, "manifest.json")[0]
    whole = file.read_text()
    manifest = json.loads(whole)
    manifest["volumes"][0]["snapshot"] = "vs_expired"
    file.write_text(json.dumps(manifest))
    assert "files are as they were kept" in ok(contest, "drill", *ACT)
    file.write_text(whole)
    nothing_is_left_beside(contest)


def test_a_restore_brings_the_files_back_and_keeps_the_old_volume_until_told_otherwise(contest: Project) -> None:
    write(contest, "data/data.json", "ruined")
    old = used(contest)
    said = ok(contest, "restore", *ACT)
    assert text(contest) == '{"submissions": 1}'
    assert (Path(old["folder"]) / "data" / "data.json").read_text() == "ruined"
    assert used(contest)["id"] != old["id"]
    preview_is_clean(contest)
    preview_is_clean(contest, "--refresh")
    nothing_is_left_beside(contest)
    assert f"./slipway volume destroy {old['id']}" in said
    assert contest.slipway("volume", "destroy", used(contest)["id"], *ACT).returncode == 8
    assert f"destroyed volume {old['id']}" in ok(contest, "volume", "destroy", old["id"], *ACT)
    assert [volume["id"] for volume in fly(contest)["volumes"]] == [used(contest)["id"]]


# Plays flyctl: once the chosen command is done, no other one ever is.
HALTING = """#!/bin/sh
[ -e "{done}" ] && exec sleep 600
"{flyctl}" "$@"
code=$?
case "$*" in "{last}"*) touch "{done}" ;; esac
exit $code
"""

Reached = Callable[[dict[str, Any]], bool]


def kill(project: Project, verb: str, last: str, reached: Reached, folder: Path) -> None:
    """Run a verb until flyctl has done its `last` command and Fly.io looks so, then kill it."""
    programs, done = project.root / ".venv" / "bin", folder / "done"
    flyctl = folder / "flyctl"
    flyctl.write_text(HALTING.format(done=done, last=last, flyctl=programs / "flyctl"))
    flyctl.chmod(0o755)
    path = os.pathsep.join(map(str, (folder, programs, os.environ["PATH"])))
    running = subprocess.Popen(
        [programs / "python", "-P", "-m", "ops", verb, *ACT],
        cwd=project.root,
        env={**os.environ, "PYTHONPATH": str(project.root), "PATH": path},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    eventually(lambda: running.poll() is not None or (done.exists() and reached(fly(project))), seconds=150)
    assert running.poll() is None, "it ended before it came so far"
    os.killpg(running.pid, signal.SIGKILL)
    running.wait(60)


def a_machine_beside(found: dict[str, Any]) -> bool:
    return len(found["machines"]) > 1


def test_what_a_killed_drill_left_is_removed_by_the_next_one(contest: Project, tmp_path: Path) -> None:
    kill(contest, "drill", "machine run ", a_machine_beside, tmp_path)
    assert any(volume["name"] == "slipway_scratch" for volume in fly(contest)["volumes"])
    ok(contest, "drill", *ACT)
    nothing_is_left_beside(contest)


def new_volume(found: dict[str, Any]) -> bool:
    return len([volume for volume in found["volumes"] if volume["name"] == "contest_data"]) > 1


def old_machine_stopped(found: dict[str, Any]) -> bool:
    return any(machine["state"] == "stopped" for machine in found["machines"])


def new_machine(found: dict[str, Any]) -> bool:
    return old_machine_stopped(found) and len(found["machines"]) > 1


@pytest.mark.parametrize(
    ("last", "reached"),
    [("volumes create ", new_volume), ("machine stop ", old_machine_stopped), ("machine clone ", new_machine)],
)
def test_a_restore_that_is_killed_is_gone_on_with(
    contest: Project, last: str, reached: Reached, tmp_path: Path
) -> None:
    write(contest, "data/data.json", "ruined")
    old = used(contest)
    kill(contest, "restore", last, reached, tmp_path)
    assert "that was cut off" in ok(contest, "restore", *HERE)
    ok(contest, "restore", *ACT)
    assert text(contest) == '{"submissions": 1}'
    nothing_is_left_beside(contest)
    assert sorted(volume["id"] for volume in fly(contest)["volumes"]) == sorted((old["id"], used(contest)["id"]))
    # The volume of an earlier restore was never backed up itself.
    ok(contest, "volume", "destroy", old["id"], "--without-backup", *ACT)


def test_a_volume_grows_and_never_shrinks_and_the_setting_to_change_is_shown(contest: Project) -> None:
    assert "would extend volume" in ok(contest, "volume", "extend", "--size", "10", *HERE)
    said = ok(contest, "volume", "extend", "--size", "10", *ACT)
    assert "from 8 to 10 GB" in said
    assert "systems/tattoo-contest.yaml, line " in said
    assert "size_gb is 8; write size_gb: 10" in said
    shrunk = contest.slipway("volume", "extend", "--size", "9", *ACT)
    assert shrunk.returncode == 8
    assert "has 10 GB and cannot shrink to 9 GB" in shrunk.stderr
    # Volumes that grow by themselves may be larger than the settings say.
    preview_is_clean(contest)


@pytest.mark.parametrize(("last", "reached"), [("volumes create ", new_volume), ("machine clone ", new_machine)])
def test_a_killed_restore_whose_backup_is_gone_is_given_up(
    contest: Project, last: str, reached: Reached, tmp_path: Path
) -> None:
    write(contest, "data/data.json", "as it is")
    old = used(contest)
    kill(contest, "restore", last, reached, tmp_path)
    folder = contest.home / "records" / "production" / "backups"
    folder.rename(folder.with_name("elsewhere"))
    stuck = contest.slipway("restore", *ACT)
    assert stuck.returncode == 8
    assert f"./slipway restore --abandon --system {APP} --stack production --sandbox" in stuck.stderr
    planned = ok(contest, "restore", "--abandon", *HERE)
    assert f"would serve from volume {old['id']}" in planned
    said = ok(contest, "restore", "--abandon", *ACT)
    assert f"serves from volume {old['id']} as before" in said
    assert text(contest) == "as it is"
    # Cut off before its volume was on record, that one is only named: it might be somebody else's.
    assert ("would remove volume" in planned) == ("; removed vol_" in said) == ("may be of that restore" not in said)
    for volume in re.findall(r"volume destroy (vol_\w+) --without-backup", said):
        ok(contest, "volume", "destroy", volume, "--without-backup", *ACT)
    folder.with_name("elsewhere").rename(folder)
    assert [volume["id"] for volume in fly(contest)["volumes"]] == [old["id"]]
    nothing_is_left_beside(contest)
    preview_is_clean(contest)
    assert contest.slipway("restore", "--abandon", *ACT).returncode == 2
