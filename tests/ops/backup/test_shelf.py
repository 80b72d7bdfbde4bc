"""What is on a shelf of backups, what of it counts, and what is removed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ops.backup.shelf import new_id
from ops.errors import OperationError
from ops.exit_code import ExitCode
from tests.ops.backup.backups import VOLUME, manifest, objects, shelf

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
OLD, MIDDLE, NEW = "20261120T000000Z-aaaa", "20261121T000000Z-bbbb", "20261122T000000Z-cccc"


def files(folder: Path) -> list[str]:
    return sorted(file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file())


def test_ids_sort_by_time() -> None:
    assert new_id(NOW).startswith("20261122T120000Z-")
    times = [NOW + timedelta(milliseconds=passed) for passed in (0, 1, 40, 999, 1000)]
    ids = [new_id(at) for at in times]
    assert sorted(set(ids)) == ids


def test_the_newest_backup_is_the_one_that_is_read(tmp_path: Path) -> None:
    there = shelf(tmp_path, MIDDLE, NEW, OLD)
    assert there.ids() == [NEW, MIDDLE, OLD]
    assert there.manifest().id == NEW
    assert there.manifest(OLD).id == OLD


def test_an_unknown_backup_and_an_empty_shelf_say_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(
        OperationError, match=r"there is no backup of web in .*; take one: ./slipway backup --system web"
    ):
        shelf(tmp_path / "empty").manifest()
    with pytest.raises(OperationError, match=r"20260101 is no backup of web; see: ./slipway backups --system web"):
        shelf(tmp_path, NEW).manifest("20260101")


def test_only_the_newest_are_kept_with_nothing_left_of_the_others(tmp_path: Path) -> None:
    there = shelf(tmp_path, OLD, MIDDLE, NEW)
    assert there.prune(2, NOW) == [OLD]
    assert there.ids() == [NEW, MIDDLE]
    assert not [file for file in files(tmp_path) if OLD in file]
    assert there.prune(2, NOW) == []


def test_a_backup_without_manifest_is_none_and_goes_when_nobody_can_be_at_it(tmp_path: Path) -> None:
    there = shelf(tmp_path, NEW)
    for id_ in (OLD, "20261122T110000Z-dddd"):
        there.store.put(f"production/web/{id_}/web.fly.json", b"{}")
    assert there.ids() == [NEW]
    assert there.prune(5, NOW) == []
    assert {file.split("/")[2] for file in files(tmp_path)} == {NEW, "20261122T110000Z-dddd"}


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"x", rf"{VOLUME}.sha256 has 1 bytes, \d+ were kept"),
        (b"", rf"{VOLUME}.sha256 has 0 bytes"),
        (None, f"{VOLUME}.sha256 is missing"),
    ],
)
def test_an_object_that_is_not_as_it_was_kept_is_found(tmp_path: Path, data: bytes | None, said: str) -> None:
    there = shelf(tmp_path, NEW)
    key = f"production/web/{NEW}/{VOLUME}.sha256"
    if data is None:
        there.store.remove([key])
    else:
        there.store.put(key, data)
    found = there.manifest()
    assert len(there.problems(found)) == 1
    with pytest.raises(OperationError, match=said) as caught:
        there.object(found, f"{VOLUME}.sha256")
    assert caught.value.exit_code is ExitCode.BACKUP


def test_one_changed_bit_is_found(tmp_path: Path) -> None:
    there = shelf(tmp_path, NEW)
    key = f"production/web/{NEW}/{VOLUME}.tar.gz"
    data = bytearray(there.store.get(key) or b"")
    data[20] ^= 1
    there.store.put(key, bytes(data))
    assert there.problems(there.manifest())[0].startswith(f"{VOLUME}.tar.gz has other bytes than were kept: SHA-256 ")


def test_a_manifest_that_cannot_be_read_is_said_with_the_place(tmp_path: Path) -> None:
    there = shelf(tmp_path, NEW)
    there.store.put(f"production/web/{NEW}/manifest.json", b'{"format": 2}')
    with pytest.raises(
        OperationError, match=f"the manifest of backup {NEW} cannot be read, at format; use another one"
    ):
        there.manifest()


def test_a_manifest_holds_no_value_of_a_secret() -> None:
    assert "secrets" in manifest(NEW, objects({"a": "b"})).apps["web"].model_dump()


def test_files_are_for_their_owner_only(tmp_path: Path) -> None:
    shelf(tmp_path, NEW)
    assert {file.stat().st_mode & 0o777 for file in tmp_path.rglob("*") if file.is_file()} == {0o600}


def test_a_backup_that_an_unfinished_restore_needs_is_not_removed(tmp_path: Path) -> None:
    there = shelf(tmp_path, OLD, MIDDLE, NEW)
    assert there.prune(1, NOW, needed={OLD}) == [MIDDLE]
    assert there.ids() == [NEW, OLD]


def test_the_backups_of_a_volume_come_with_what_is_wrong_with_them(tmp_path: Path) -> None:
    there = shelf(tmp_path, OLD, MIDDLE, NEW)
    assert list(there.having("vol_2")) == []
    (tmp_path / "production/web" / NEW / f"{VOLUME}.tar.gz").write_bytes(b"cut")
    (tmp_path / "production/web" / MIDDLE / "manifest.json").write_text("{")
    found = [(manifest.id, kept.id, len(problems)) for manifest, kept, problems in there.having(VOLUME)]
    assert found == [(NEW, VOLUME, 1), (OLD, VOLUME, 0)]
