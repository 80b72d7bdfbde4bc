"""Records go from one machine to the next, and nobody without the key reads them."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from ops.errors import OperationError
from ops.exit_code import ExitCode
from ops.journal import Journal
from ops.records import _COST, KEY, pack, unpack

RIGHT = {KEY: "a-key-of-thirty-characters-12345"}


@pytest.fixture(autouse=True)
def cheap_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """What makes a key slow to guess makes tests slow, too."""
    monkeypatch.setitem(_COST, "n", 2)


@pytest.fixture
def records(tmp_path: Path) -> Path:
    folder = tmp_path / "records"
    (folder / "releases" / "1").mkdir(parents=True)
    kept = folder / "releases" / "1" / "settings.yaml"
    kept.write_text("password: planted-password")
    kept.chmod(0o600)
    return folder


@pytest.fixture
def other(tmp_path: Path) -> Path:
    """The records of another machine, none so far."""
    folder = tmp_path / "other"
    folder.mkdir()
    return folder


def refused(*arguments: object) -> tuple[str, ExitCode]:
    with pytest.raises(OperationError) as raised:
        list(unpack(*arguments))  # type: ignore[arg-type]
    return str(raised.value), raised.value.exit_code


def test_what_was_packed_is_unpacked_on_another_machine(records: Path, other: Path, tmp_path: Path) -> None:
    file = tmp_path / "packed"
    (said,) = pack(records, file, RIGHT)
    assert said.startswith(f"packed {records} into {file} (")
    assert list(unpack(other, file, RIGHT, tmp_path)) == [f"unpacked {file} into {other}"]
    found = other / "releases" / "1" / "settings.yaml"
    assert found.read_text() == "password: planted-password"
    assert stat.S_IMODE(found.stat().st_mode) == 0o600


def test_a_release_is_unpacked_with_the_packages_of_the_machine_it_comes_to(
    records: Path, other: Path, tmp_path: Path
) -> None:
    release = records / "releases" / "1"
    (release / ".venv").symlink_to("/elsewhere/.venv")
    (release / "__pycache__").mkdir()
    list(pack(records, tmp_path / "packed", RIGHT))
    (tmp_path / ".venv").mkdir()
    list(unpack(other, tmp_path / "packed", RIGHT, tmp_path))
    assert (other / "releases" / "1" / ".venv").readlink() == (tmp_path / ".venv").resolve()
    assert not (other / "releases" / "1" / "__pycache__").exists()


def test_a_journal_can_be_read_on_another_machine(tmp_path: Path, other: Path) -> None:
    (tmp_path / "records").mkdir()
    Journal(tmp_path / "records").deployments(1)
    list(pack(tmp_path / "records", tmp_path / "packed", RIGHT))
    list(unpack(other, tmp_path / "packed", RIGHT, tmp_path))
    assert Journal(other).deployments(1) == []


def test_what_is_packed_shows_nothing(records: Path, tmp_path: Path) -> None:
    file = tmp_path / "packed"
    list(pack(records, file, RIGHT))
    once = file.read_bytes()
    list(pack(records, file, RIGHT))
    assert file.read_bytes() != once
    for secret in (b"planted", b"settings", RIGHT[KEY].encode()):
        assert secret not in once


@pytest.mark.parametrize("harm", ["another key", "cut", "changed", "empty", "no file of this kind"])
def test_what_is_not_whole_or_of_another_key_is_refused(records: Path, other: Path, tmp_path: Path, harm: str) -> None:
    file = tmp_path / "packed"
    list(pack(records, file, RIGHT))
    content = file.read_bytes()
    changed = {"cut": content[:-7], "changed": content[:60] + bytes([content[60] ^ 1]) + content[61:], "empty": b""}
    file.write_bytes({**changed, "no file of this kind": b"x" * 100}.get(harm, content))
    environment = {KEY: "b" * 30} if harm == "another key" else RIGHT
    message = f"{file} is not whole, or was not packed with this {KEY}; nothing was unpacked"
    assert refused(other, file, environment, tmp_path) == (message, ExitCode.REFUSED)
    assert list(other.iterdir()) == []


def test_a_machine_that_has_records_keeps_them(records: Path, tmp_path: Path) -> None:
    file = tmp_path / "packed"
    list(pack(records, file, RIGHT))
    message, code = refused(records, file, RIGHT, tmp_path)
    assert message == (
        f"{records} holds records of its own, which would be lost; remove them first if they are not needed"
    )
    assert code == ExitCode.REFUSED


def test_the_first_machine_starts_without(other: Path, tmp_path: Path) -> None:
    assert list(unpack(other, tmp_path / "none", RIGHT, tmp_path)) == [
        f"there is no {tmp_path / 'none'}: this machine starts without records"
    ]


@pytest.mark.parametrize(("length", "enough"), [(0, False), (19, False), (20, True)])
def test_a_key_that_can_be_guessed_is_refused(records: Path, tmp_path: Path, length: int, enough: bool) -> None:
    file = tmp_path / "packed"
    if enough:
        assert list(pack(records, file, {KEY: "x" * length}))
        return
    with pytest.raises(OperationError) as raised:
        list(pack(records, file, {KEY: "x" * length}))
    assert str(raised.value) == (
        f"{KEY} has {length} characters, and 20 are the fewest; make one with: openssl rand -hex 32"
    )
    assert not file.exists()
