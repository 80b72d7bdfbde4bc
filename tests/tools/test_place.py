from collections.abc import Callable
from pathlib import Path

import pytest

from tools.engine import place
from tools.engine.obtain import Obtained
from tools.engine.pins import FLYCTL, PULUMI

Script = Callable[[Path, str], Path]


@pytest.fixture
def bin_folder(tmp_path: Path) -> Path:
    folder = tmp_path / "a project" / ".venv" / "bin"
    folder.mkdir(parents=True)
    return folder


@pytest.fixture
def built(script: Script, tmp_path: Path) -> Obtained:
    """A Pulumi CLI built from Go modules."""
    script(tmp_path / "cache" / "pulumi-language-python-exec", "")
    return Obtained(PULUMI, script(tmp_path / "cache" / "pulumi", "echo built"), "go")


def test_a_built_cli_lies_beside_the_projects_host_as_pulumi_looks_there(built: Obtained, bin_folder: Path) -> None:
    place.place(built, bin_folder.parents[1])
    assert not (bin_folder / "pulumi").is_symlink()
    assert (bin_folder / "pulumi").samefile(built.file)
    assert (bin_folder / "pulumi-language-python-exec").is_file()


def test_the_host_is_started_with_the_projects_python_whatever_its_path(
    built: Obtained, bin_folder: Path, script: Script
) -> None:
    import subprocess

    script(bin_folder / "python", 'for word in "$@"; do echo "$word"; done')
    place.place(built, bin_folder.parents[1])
    done = subprocess.run(
        [bin_folder / "pulumi-language-python", "127.0.0.1:1"], capture_output=True, text=True, check=True
    )
    words = done.stdout.splitlines()
    assert (words[0], words[-2:]) == ("-I", [str(bin_folder.parents[1]), "127.0.0.1:1"])


def test_a_cli_of_the_vendor_is_linked_and_finds_its_own_host(
    built: Obtained, bin_folder: Path, script: Script, tmp_path: Path
) -> None:
    place.place(built, bin_folder.parents[1])
    vendor = script(tmp_path / "vendor" / "pulumi", "echo vendor")
    place.place(Obtained(PULUMI, vendor, "path"), bin_folder.parents[1])
    assert (bin_folder / "pulumi").readlink() == vendor
    assert [file.name for file in bin_folder.iterdir()] == ["pulumi"]


def test_a_built_flyctl_is_linked(script: Script, bin_folder: Path, tmp_path: Path) -> None:
    file = script(tmp_path / "cache" / "flyctl", "")
    place.place(Obtained(FLYCTL, file, "go"), bin_folder.parents[1])
    assert (bin_folder / "flyctl").readlink() == file


def test_a_cache_on_another_disk_is_copied_from(
    built: Obtained, bin_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(original: Path, new: Path) -> None:
        raise OSError(18, "Invalid cross-device link")

    monkeypatch.setattr(place.os, "link", refuse)
    place.place(built, bin_folder.parents[1])
    assert not (bin_folder / "pulumi").samefile(built.file)
    assert (bin_folder / "pulumi").stat().st_mode & 0o111
