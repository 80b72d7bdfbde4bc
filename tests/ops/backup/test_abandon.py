"""What giving up a restore says where there is none, and where the app has moved already."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ops.backup import abandon as module
from ops.backup.abandon import abandon
from ops.backup.progress import Progress, ProgressFile
from ops.errors import OperationError
from ops.exit_code import ExitCode
from tests.ops.scripted import Scripted, scripted

APP = "tattoo-contest"
LEFT = Progress(
    backup="20261122T000000Z-aaaa", kept="vol_old", old_volume="vol_old", old_machine="m1", known=["vol_old"]
)
VOLUMES = [
    {"id": "vol_old", "name": "contest_data", "size_gb": 8, "region": "iad"},
    {"id": "vol_new", "name": "contest_data", "size_gb": 8, "region": "iad", "attached_machine_id": "m2"},
]
MOVED = [
    {"run": f"volumes list --app {APP} --json", "prints": json.dumps(VOLUMES)},
    {"run": f"machine list --app {APP} --json", "prints": json.dumps([{"id": "m2", "state": "started"}])},
]
TOO_LATE = "machine m1, which had volume vol_old, is gone, so there is no way back"


def cut_off(folder: Path) -> Scripted:
    ProgressFile(folder, APP).write(LEFT)
    return scripted(folder, {}, *MOVED)


def test_where_no_restore_was_cut_off_there_is_none_to_give_up(tmp_path: Path) -> None:
    with pytest.raises(OperationError, match=f"no restore of {APP} was cut off") as raised:
        list(abandon(scripted(tmp_path, {}), APP, yes=True))
    assert raised.value.exit_code is ExitCode.USAGE


def test_without_yes_the_record_stays(tmp_path: Path) -> None:
    said = list(abandon(cut_off(tmp_path), APP, yes=False))
    assert said == [
        f"{APP}: would close the record of the restore of {LEFT.backup}: {TOO_LATE}",
        "to do it, add: --yes",
    ]
    assert ProgressFile(tmp_path, APP).read() == LEFT


def test_an_app_that_has_moved_already_stays_where_it_is_and_the_record_is_closed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr(module, "know", lambda engine, app: told.append(app))
    there = cut_off(tmp_path)
    assert list(abandon(there, APP, yes=True)) == [
        f"{APP}: closed the record of the restore of {LEFT.backup}: {TOO_LATE}"
    ]
    there.flyctl.require_end()
    assert told == [APP]
    assert ProgressFile(tmp_path, APP).read() is None
