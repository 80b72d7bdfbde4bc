"""`./slipway` and the Makefile, as files: what they do before any Python of the project runs."""

import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
Script = Callable[[Path, str], Path]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder with the launcher only."""
    folder = tmp_path / "a project"
    folder.mkdir()
    shutil.copy(ROOT / "slipway", folder)
    return folder


def start(file: Path, *words: str, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [file, *words], env=env or {"PATH": "/usr/bin:/bin"}, capture_output=True, text=True, check=False
    )


def set_up(project: Path, script: Script, body: str) -> None:
    script(project / ".venv/bin/python", body)
    (project / ".venv/slipway-setup").touch()


def test_a_project_that_is_not_set_up_says_how(project: Path) -> None:
    done = start(project / "slipway", "check")
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr == f"slipway: this project is not set up yet: run `make setup` in {project}\n"


def test_a_half_finished_set_up_is_not_taken_for_one(project: Path, script: Script) -> None:
    script(project / ".venv/bin/python", "exit 0")
    assert start(project / "slipway").returncode == 3


def test_the_operators_command_is_run_with_the_projects_programs_first(project: Path, script: Script) -> None:
    set_up(project, script, 'echo "$@"; echo "$PATH"; echo "${PYTHONDONTWRITEBYTECODE-unset}"; exit 5')
    env = {"PATH": "/usr/bin:/bin", "PYTHONDONTWRITEBYTECODE": "1"}
    done = start(project / "slipway", "check", "two words", env=env)
    assert done.returncode == 5
    assert done.stdout.splitlines() == ["-P -m ops check two words", f"{project}/.venv/bin:/usr/bin:/bin", "unset"]


def test_the_launcher_finds_its_project_through_links(project: Path, script: Script, tmp_path: Path) -> None:
    set_up(project, script, "echo started")
    (tmp_path / "one").symlink_to("two")
    (tmp_path / "two").symlink_to(project / "slipway")
    assert start(tmp_path / "one").stdout == "started\n"


def test_make_help_has_one_line_for_every_target() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, flags=re.MULTILINE)) - {"fresh"}
    shown = subprocess.run(["make", "-C", ROOT, "--no-print-directory"], capture_output=True, text=True, check=True)
    assert {line.split()[1] for line in shown.stdout.splitlines()} == targets


def test_make_setup_without_python_says_what_to_do() -> None:
    done = subprocess.run(
        ["make", "-C", ROOT, "setup", "PYTHON=no-python"], capture_output=True, text=True, check=False
    )
    assert done.stderr.splitlines()[0] == (
        "no-python is not on PATH: install Python 3.11 or newer, "
        "or name one that is there: make setup PYTHON=python3.12"
    )
