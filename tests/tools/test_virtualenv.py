from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from tools.engine import command, virtualenv
from tools.engine.console import Console
from tools.engine.errors import PackagesNotInstalledError, PythonUnfitError

LOCK = """\
typer==1.0 \\
    --hash=sha256:aa
    # via -r requirements.in
uv==0.13.9 \\
    --hash=sha256:bb \\
    --hash=sha256:cc
    # via -r requirements-dev.in
vulture==2.16 \\
    --hash=sha256:dd
"""


class Commands:
    """Answers instead of real programs; `fails` names a word of the command that ends with 1."""

    def __init__(self, project: Path) -> None:
        self.project = project
        self.ran: list[list[str]] = []
        self.usable = False
        self.fails = "nothing"

    def first_line(self, argv: Sequence[object], timeout_seconds: float) -> str:
        return str(self.usable)

    def run(
        self, argv: Sequence[object], *, cwd: Path | None = None, env: Mapping[str, str] | None = None, on_line=None
    ) -> command.Outcome:
        words = [str(part) for part in argv]
        self.ran.append(words)
        if "venv" in words:
            virtualenv._site_packages(self.project / ".venv").mkdir(parents=True)
            self.usable = True
        if self.fails in words:
            return command.Outcome(1, ("last words",))
        return command.Outcome(0, ())

    def names(self) -> list[str]:
        known = {"venv": "venv", "install": "pip", "sync": "sync"}
        return [known[word] for words in self.ran for word in words if word in known]


@pytest.fixture
def commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Commands:
    (tmp_path / "requirements-dev.txt").write_text(LOCK)
    made = Commands(tmp_path)
    monkeypatch.setattr(command, "run", made.run)
    monkeypatch.setattr(command, "first_line", made.first_line)
    return made


def test_packages_are_installed_with_hashes_and_bytecode(commands: Commands, console: Console) -> None:
    virtualenv.synchronize(commands.project, console)
    assert commands.names() == ["venv", "pip", "sync"]
    assert {"--require-hashes", "--compile-bytecode"} <= set(commands.ran[2])


def test_the_installer_itself_is_held_to_the_locked_hashes(commands: Commands, console: Console) -> None:
    virtualenv.synchronize(commands.project, console)
    assert "--require-hashes" in commands.ran[1]
    assert (commands.project / ".venv/uv-requirement.txt").read_text() == (
        "uv==0.13.9 \\\n    --hash=sha256:bb \\\n    --hash=sha256:cc\n"
    )


def test_a_usable_environment_is_kept(commands: Commands, console: Console) -> None:
    virtualenv.synchronize(commands.project, console)
    commands.ran.clear()
    virtualenv.synchronize(commands.project, console)
    assert "venv" not in commands.names()


def test_an_environment_left_by_a_killed_installer_is_made_anew(commands: Commands, console: Console) -> None:
    commands.fails = "sync"
    with pytest.raises(PackagesNotInstalledError):
        virtualenv.synchronize(commands.project, console)
    half = commands.project / ".venv" / "half-installed"
    half.touch()
    commands.fails = "nothing"
    commands.ran.clear()
    virtualenv.synchronize(commands.project, console)
    assert commands.names() == ["venv", "pip", "sync"]
    assert not half.exists()


def test_packages_that_cannot_be_had_are_refused_with_a_way_out(commands: Commands, console: Console) -> None:
    commands.fails = "sync"
    with pytest.raises(PackagesNotInstalledError) as refused:
        virtualenv.synchronize(commands.project, console)
    assert str(refused.value) == (
        "`uv pip sync requirements-dev.txt` ended with 1:\nlast words\n"
        "The Python packages come from the package index that pip and uv are set up for. Let this machine reach it "
        "(HTTPS_PROXY, PIP_INDEX_URL and UV_DEFAULT_INDEX are honoured), then run `make setup` again."
    )
    assert refused.value.exit_code == 21


def test_a_python_that_makes_no_environment_is_refused_with_a_way_out(commands: Commands, console: Console) -> None:
    commands.fails = "venv"
    with pytest.raises(PythonUnfitError, match=r"ended with 1:\nlast words\nDebian and Ubuntu .*PYTHON=python3\.12$"):
        virtualenv.synchronize(commands.project, console)
