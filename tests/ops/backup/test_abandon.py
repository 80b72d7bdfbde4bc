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


def test_a_record_that_cannot_be_read_is_closed_by_an_explicit_word(tmp_path: Path) -> None:
    file = tmp_path / f"restore-{APP}.json"
    file.write_text("{")
    there = scripted(tmp_path, {})
    planned = list(abandon(there, APP, yes=False))
    assert (
        planned[0] == f"{APP}: would close the record of a restore, which cannot be read; nothing else is known of it"
    )
    assert file.exists()
    assert f"./slipway volume list --system {APP} --stack production" in list(abandon(there, APP, yes=True))[1]
    assert not file.exists()


MINE = {**VOLUMES[1], "id": "vol_mine"}
SCALED = {**VOLUMES[1], "id": "vol_scaled", "attached_machine_id": "m9"}
SPARE = {**VOLUMES[0], "id": "vol_spare"}
OLD_MACHINE = {"id": "m1", "state": "stopped", "config": {"mounts": [{"volume": "vol_old", "path": "/d"}]}}


@pytest.mark.parametrize("sure", [True, False])
def test_only_the_volume_that_the_restore_made_is_removed(tmp_path: Path, sure: bool) -> None:
    """Others of its name came from scaling up, or may be spare ones: those are named at most."""
    progress = LEFT.model_copy(update={"new_volume": "vol_mine", "sure": sure})
    ProgressFile(tmp_path, APP).write(progress)
    volumes = [VOLUMES[0], {**MINE, "attached_machine_id": None}, SCALED, SPARE]
    listed = {"run": f"volumes list --app {APP} --json", "prints": json.dumps(volumes)}
    machines = {"run": f"machine list --app {APP} --json", "prints": json.dumps([OLD_MACHINE])}
    planned = list(abandon(scripted(tmp_path, {}, listed, machines), APP, yes=False))
    assert any("would remove volume vol_mine" in line for line in planned) is sure
    named = {line.split()[1] for line in planned if "may be of that restore" in line}
    assert named == ({"vol_spare"} if sure else {"vol_mine", "vol_spare"})
    assert not any("vol_scaled" in line for line in planned)
