"""A state folder that a killed engine left unreadable: the newest readable copy is put back, and it is said."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from ops import checkpoint
from ops.checkpoint import mend_checkpoints
from ops.errors import OperationError
from ops.exit_code import ExitCode

PUT_BACK = "the rehearsal's state of staging could not be read: put back its copy of 2026-11-22 12:00:00 UTC"
NOON = 1795348800


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkpoint, "_WRITE_SECONDS", 0.0)


@pytest.fixture
def stacks(tmp_path: Path) -> Path:
    folder = tmp_path / ".pulumi" / "stacks" / "slipway"
    folder.mkdir(parents=True)
    return folder


def text(serial: int) -> str:
    return json.dumps({"version": 3, "checkpoint": {"stack": f"write {serial}", "latest": None}})


def keep(folder: Path, **contents: str) -> None:
    """Files of the stack staging: its state, and copies by what follows the state's name."""
    for name, content in contents.items():
        file = folder / ("staging.json" if name == "state" else f"staging.json.{name.removeprefix('at_')}")
        file.write_text(content)
        os.utime(file, (NOON, NOON))


def mend(folder: Path) -> list[str]:
    return list(mend_checkpoints(folder.parents[2]))


def state(folder: Path) -> str:
    return (folder / "staging.json").read_text()


@pytest.mark.parametrize(
    "cut", ["", text(3)[:40], "[1]", "{}"], ids=["empty", "half", "a list", "without a checkpoint"]
)
def test_the_newest_copy_replaces_what_cannot_be_read(stacks: Path, cut: str) -> None:
    keep(stacks, state=cut, at_9=text(1), at_10=text(2), at_11=text(3), bak=text(2))
    assert mend(stacks) == [PUT_BACK]
    assert state(stacks) == text(3)
    assert mend(stacks) == []


def test_a_copy_that_was_cut_off_itself_is_passed_over(stacks: Path) -> None:
    keep(stacks, state="", at_10=text(2), at_11=text(3)[:40], bak=text(1))
    assert mend(stacks) == [PUT_BACK]
    assert state(stacks) == text(2)


def test_without_copies_of_each_write_the_one_before_the_last_is_taken(stacks: Path) -> None:
    keep(stacks, state="", bak=text(2))
    assert mend(stacks) == [PUT_BACK]
    assert state(stacks) == text(2)


def test_a_state_that_can_be_read_stays_and_only_its_two_newest_copies(stacks: Path) -> None:
    keep(stacks, state=text(4), at_9=text(1), at_10=text(2), at_11=text(3), bak=text(3))
    assert mend(stacks) == []
    assert state(stacks) == text(4)
    names = ["staging.json", "staging.json.10", "staging.json.11", "staging.json.bak"]
    assert sorted(file.name for file in stacks.iterdir()) == names


def test_a_stack_that_was_removed_does_not_come_back(stacks: Path) -> None:
    keep(stacks, at_9=text(1), bak=text(1))
    assert mend(stacks) == []
    assert not (stacks / "staging.json").exists()


def test_a_copy_of_another_stack_is_not_taken(stacks: Path) -> None:
    keep(stacks, state="")
    (stacks / "staging.json.eu.json.9").write_text(text(9))
    with pytest.raises(OperationError) as raised:
        mend(stacks)
    assert str(raised.value) == (
        f"the rehearsal's state of staging cannot be read, and no copy of it either: {stacks / 'staging.json'}; remove "
        "the emulated cloud with it: ./slipway sandbox stop --remove"
    )
    assert raised.value.exit_code is ExitCode.ENGINE
    assert state(stacks) == ""


def test_what_a_killed_engine_did_not_finish_is_removed(stacks: Path) -> None:
    keep(stacks, state=text(1))
    locks = stacks.parents[1] / "locks" / "organization" / "slipway" / "staging"
    locks.mkdir(parents=True)
    for name in ("a.json.18aa.tmp", "b.json", "c.json.attrs"):
        (locks / name).touch()
    (stacks / "staging.json.attrs").touch()
    (locks / "held.json").write_text('{"pid": 1}')
    (locks / "held.json.attrs").write_text('{"md5": ""}')
    assert mend(stacks) == ["removed 4 unfinished files of a run of the engine that was killed"]
    assert sorted(file.name for file in locks.iterdir()) == ["held.json", "held.json.attrs"]
    assert [file.name for file in stacks.iterdir()] == ["staging.json"]


def test_a_file_that_a_living_engine_is_writing_is_waited_for(stacks: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    writing = stacks / "staging.json.18aa.tmp"
    writing.touch()
    monkeypatch.setattr(checkpoint, "_WRITE_SECONDS", 60.0)
    monkeypatch.setattr(checkpoint.time, "sleep", lambda seconds: writing.rename(stacks / "staging.json.1"))
    assert mend(stacks) == []
    assert (stacks / "staging.json.1").exists()


def test_a_new_rehearsal_has_no_state(tmp_path: Path) -> None:
    assert list(mend_checkpoints(tmp_path)) == []
