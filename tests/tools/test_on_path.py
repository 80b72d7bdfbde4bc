from collections.abc import Callable
from pathlib import Path

import pytest

from tools.engine import on_path
from tools.engine.errors import WayClosedError
from tools.engine.program import Program

Script = Callable[[Path, str], Path]


def test_a_new_enough_program_with_its_host_is_taken_from_path(tool: Program, script: Script, tmp_path: Path) -> None:
    file = script(tmp_path / "bin" / "tool", "echo v2.0.0")
    script(tmp_path / "bin" / "tool-language-python", "")
    assert on_path.find(tool, skip=tmp_path / "venv", search_path=str(tmp_path / "bin")) == file


def test_a_host_elsewhere_on_path_counts_as_well(tool: Program, script: Script, tmp_path: Path) -> None:
    file = script(tmp_path / "one" / "tool", "echo v2.0.0")
    script(tmp_path / "two" / "tool-language-python", "")
    found = on_path.find(tool, skip=tmp_path / "venv", search_path=f"{tmp_path / 'one'}:{tmp_path / 'two'}")
    assert found == file


def test_a_host_beside_the_file_that_a_link_names_counts_as_well(tool: Program, script: Script, tmp_path: Path) -> None:
    file = script(tmp_path / "cellar" / "tool", "echo v2.0.0")
    script(tmp_path / "cellar" / "tool-language-python", "")
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "tool").symlink_to(file)
    assert on_path.find(tool, skip=tmp_path / "venv", search_path=str(tmp_path / "bin")) == tmp_path / "bin" / "tool"


@pytest.mark.parametrize(
    ("answer", "says"), [("echo v1.9.9", "1.9.9"), ("echo hello", "no version"), ("exit 1", "no version")]
)
def test_a_program_that_is_too_old_or_gives_no_version_is_refused(
    tool: Program, script: Script, tmp_path: Path, answer: str, says: str
) -> None:
    file = script(tmp_path / "tool", answer)
    with pytest.raises(WayClosedError) as refused:
        on_path.find(tool, skip=tmp_path / "venv", search_path=str(tmp_path))
    assert str(refused.value) == f"{file} says {says}, and 2.0.0 is the oldest that works"


def test_a_program_without_its_language_host_is_refused(tool: Program, script: Script, tmp_path: Path) -> None:
    file = script(tmp_path / "tool", "echo v2.1.0")
    with pytest.raises(WayClosedError) as refused:
        on_path.find(tool, skip=tmp_path / "venv", search_path=str(tmp_path))
    assert str(refused.value) == f"{file} has no tool-language-python beside it or on PATH"


def test_the_projects_own_links_are_not_taken_for_an_installed_program(
    tool: Program, script: Script, tmp_path: Path
) -> None:
    script(tmp_path / "tool", "echo v2.1.0")
    with pytest.raises(WayClosedError, match=r"^not on PATH$"):
        on_path.find(tool, skip=tmp_path, search_path=str(tmp_path))
