"""`volume`: what it says where Fly.io has nothing to show, or refuses."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ops import volume
from ops.backup.shelf import Shelf
from ops.backup.store import Folder
from ops.errors import OperationError
from ops.exit_code import ExitCode
from ops.surroundings import Surroundings
from tests.ops.backup.backups import manifest
from tests.ops.scripted import scripted

LIST = {"run": "volumes list --app tattoo-contest --json"}
Verb = Callable[[Surroundings], Iterator[str]]


@pytest.mark.parametrize(
    "verb",
    [
        lambda there: volume.list_volumes(there, "tattoo-contest", as_json=False),
        lambda there: volume.extend(there, "tattoo-contest", 10, "app", yes=True),
        lambda there: volume.destroy(there, "tattoo-contest", "vol_1", without_backup=True, yes=True),
    ],
)
def test_a_refusal_of_fly_is_one_message(tmp_path: Path, verb: Verb) -> None:
    there = scripted(tmp_path, {}, {**LIST, "fails": "401 Unauthorized"})
    with pytest.raises(OperationError, match="FLY_API_TOKEN") as raised:
        list(verb(there))
    assert raised.value.exit_code is ExitCode.ENGINE


def test_there_is_nothing_to_extend_where_no_machine_has_a_volume(tmp_path: Path) -> None:
    there = scripted(tmp_path, {}, {**LIST, "fails": "Could not find App"})
    with pytest.raises(OperationError, match="no machine of tattoo-contest has a volume; deploy it first") as raised:
        list(volume.extend(there, "tattoo-contest", 10, "app", yes=True))
    assert raised.value.exit_code is ExitCode.USAGE
    assert not list(tmp_path.iterdir())


LOOSE = {"id": "vol_old", "name": "contest_data", "size_gb": 8, "region": "iad"}
DESTROY = {"run": "volumes destroy vol_old --app tattoo-contest --yes"}


def destroyed(
    folder: Path, *, archive: bool = True, cut: bool = False, without_backup: bool = False, of: str = "vol_old"
) -> list[str]:
    """What `volume destroy --yes` says, where a backup has the volume `of`, with its files or a snapshot only."""
    there = scripted(folder, {}, {**LIST, "prints": json.dumps([LOOSE])}, DESTROY)
    files = {"vol.sha256": b"", "vol.tar.gz": b"files"}
    made = manifest("20261122T000000Z-aaaa", files)
    kept = made.volumes[0].model_copy(
        update={"id": of, "sums": "vol.sha256", "archive": "vol.tar.gz" if archive else None}
    )
    shelf = Shelf(Folder(folder), "production", "tattoo-contest")
    shelf.add(made.model_copy(update={"volumes": [kept]}), files)
    if cut:
        next(folder.rglob("*.tar.gz")).write_bytes(b"cut")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(volume, "shelf_of", lambda *_: shelf)
        said = list(volume.destroy(there, "tattoo-contest", "vol_old", without_backup=without_backup, yes=True))
    there.flyctl.require_end()
    return said


def test_a_volume_goes_whose_files_a_whole_backup_has(tmp_path: Path) -> None:
    [said] = destroyed(tmp_path)
    assert said == (
        "tattoo-contest: destroyed volume vol_old of tattoo-contest with 8 GB; backup 20261122T000000Z-aaaa has its "
        "files as of 2026-11-22 00:00 UTC, and what was written later goes"
    )


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"of": "vol_other"}, "no backup in .* has its files, and they would go for good"),
        ({"archive": False}, r"has its files \(2026.*-aaaa has a snapshot at Fly.io alone, vs_1\), and they would go"),
        ({"cut": True}, r"has its files \(2026.*-aaaa is not whole: vol.tar.gz has 3 bytes, 5 were kept\), and they"),
    ],
)
def test_a_volume_whose_files_are_nowhere_else_goes_by_an_explicit_word_only(
    tmp_path: Path, wrong: dict[str, Any], why: str
) -> None:
    with pytest.raises(OperationError, match=why) as raised:
        destroyed(tmp_path / "refused", **wrong)
    assert raised.value.exit_code is ExitCode.REFUSED
    assert "./slipway volume destroy vol_old --without-backup --system tattoo-contest --stack prod" in str(raised.value)
    assert "they go for good" in destroyed(tmp_path / "told", without_backup=True, **wrong)[0]
