"""What is backed up, and what is said where something cannot be."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ops.backup import take
from ops.backup.manifest import Manifest
from ops.backup.progress import Progress, ProgressFile
from ops.backup.shelf import Shelf
from ops.backup.store import Folder
from ops.backup.take import back_up
from ops.errors import OperationError
from ops.exit_code import ExitCode
from ops.surroundings import Surroundings
from tests.ops.backup.backups import manifest
from tests.ops.scripted import scripted

APP = "tattoo-contest"


@pytest.fixture(autouse=True)
def _no_bucket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = Folder(tmp_path / "backups")
    monkeypatch.setattr(take, "shelf_of", lambda there, name: Shelf(store, "production", name))


def test_a_backup_without_the_volume_that_holds_the_data_is_none(tmp_path: Path) -> None:
    loose = {"id": "vol_1", "name": "contest_data", "size_gb": 1, "region": "iad"}
    there = scripted(
        tmp_path,
        {},
        {"run": f"machine list --app {APP} --json", "prints": json.dumps([{"id": "m1", "state": "started"}])},
        {"run": f"config show --app {APP}", "prints": "{}"},
        {"run": f"releases --app {APP} --image --json", "prints": "[]"},
        {"run": f"secrets list --app {APP} --json", "prints": "[]"},
        {"run": f"volumes list --app {APP} --json", "prints": json.dumps([loose])},
    )
    with pytest.raises(OperationError, match=f"no machine has the volume contest_data of {APP}") as raised:
        list(back_up(there, APP, yes=True, as_json=False))
    assert raised.value.exit_code is ExitCode.BACKUP
    assert not (tmp_path / "backups").exists()


def test_a_system_that_cannot_be_backed_up_keeps_no_other_from_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def taken(there: Surroundings, name: str) -> Manifest:
        if name == "paintbox":
            raise OperationError("paintbox is away", ExitCode.USAGE)
        return manifest(f"of-{name}", {})

    monkeypatch.setattr(take, "_taken", taken)
    told: list[str] = []
    with pytest.raises(OperationError, match="paintbox is away") as raised:
        told.extend(back_up(scripted(tmp_path, {}), None, yes=True, as_json=False))
    assert raised.value.exit_code is ExitCode.ENGINE
    assert [line.partition(":")[0] for line in told] == ["tetrix", APP]


def test_a_new_backup_does_not_push_out_the_one_of_an_unfinished_restore(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = scripted(tmp_path, {})
    kept = there.stack.systems[APP].backup.keep
    shelf = take.shelf_of(there, APP)
    ids = [f"20261101T0000{number:02}Z-aaaa" for number in range(kept + 2)]
    for id_ in ids:
        shelf.add(manifest(id_, {}), {})
    ProgressFile(tmp_path, APP).write(
        Progress(backup=ids[0], kept="vol_1", old_volume="vol_1", old_machine="m1", known=[])
    )
    monkeypatch.setattr(take, "_taken", lambda _, __: manifest(ids[-1], {}))
    said = list(back_up(there, APP, yes=True, as_json=False))
    assert set(ids) - set(shelf.ids()) == {ids[1]}
    assert said[-1] == f"  {ids[0]} stays, since a restore of it was cut off"
    shelf.add(manifest(ids[1], {}), {})
    (tmp_path / f"restore-{APP}.json").write_text("{")
    said = list(back_up(there, APP, yes=True, as_json=False))
    assert set(shelf.ids()) == set(ids)
    assert f"no older one was removed, as a restore may need it: {tmp_path}/restore-{APP}.json is no record" in said[-1]
    assert said[-1].endswith(f"./slipway restore --abandon --system {APP} --stack production")
