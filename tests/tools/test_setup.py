"""The set-up as a whole, with stand-ins for what installs packages and gets programs."""

import fcntl
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from tests.patience import eventually
from tools.engine import lock, machine, obtain, place, setup, stamp, virtualenv
from tools.engine.console import Console
from tools.engine.errors import CacheNotWritableError
from tools.engine.obtain import Obtained
from tools.engine.program import Program


class Killed(BaseException):
    """Stands for SIGKILL: nothing in set-up catches it."""


class Machine:
    """Records the steps of a set-up, and can be killed in one of them."""

    def __init__(self, project: Path) -> None:
        self.project = project
        self.steps: list[str] = []
        self.killed_at = ""

    def step(self, name: str) -> None:
        self.steps.append(name)
        if name == self.killed_at:
            raise Killed

    def synchronize(self, project: Path, console: Console) -> None:
        (project / ".venv/bin").mkdir(parents=True, exist_ok=True)
        (project / ".venv/bin/python").touch()
        self.step("packages")

    def obtain(self, program: Program, cache: Path, skip: Path, console: Console) -> Obtained:
        self.step(f"obtain {program.name}")
        return Obtained(program, cache / program.name, "path")

    def place(self, found: Obtained, project: Path) -> None:
        self.step(f"place {found.program.name}")
        (project / ".venv/bin" / found.program.name).touch()


EVERY_STEP = ["packages"]
EVERY_STEP += [f"{what} {name}" for name in ("pulumi", "flyctl", "actionlint") for what in ("obtain", "place")]


@pytest.fixture
def host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    project = tmp_path / "project"
    (project / "tools/engine").mkdir(parents=True)
    for name in ("requirements.txt", "requirements-dev.txt"):
        (project / name).touch()
    made = Machine(project)
    monkeypatch.setattr(machine, "cache_home", lambda: tmp_path / "cache")
    monkeypatch.setattr(virtualenv, "synchronize", made.synchronize)
    monkeypatch.setattr(obtain, "obtain", made.obtain)
    monkeypatch.setattr(place, "place", made.place)
    return made


def test_a_set_up_goes_through_every_step_once(host: Machine, console: Console, said: list[str]) -> None:
    setup.set_up(host.project, console)
    assert host.steps == EVERY_STEP
    assert said == [
        "[1/4] Python packages of requirements-dev.txt",
        "[2/4] Pulumi CLI",
        "[3/4] flyctl",
        "[4/4] actionlint",
        "Set-up is complete (0 s). Next: make rehearse",
    ]


def test_a_second_set_up_does_nothing_and_says_so(host: Machine, console: Console, said: list[str]) -> None:
    setup.set_up(host.project, console)
    said.clear()
    setup.set_up(host.project, console)
    assert host.steps == EVERY_STEP
    assert said == ["Set-up is up to date."]


@pytest.mark.parametrize("moment", EVERY_STEP)
def test_a_set_up_killed_at_any_step_is_repaired_by_the_next(host: Machine, console: Console, moment: str) -> None:
    host.killed_at = moment
    with pytest.raises(Killed):
        setup.set_up(host.project, console)
    assert not stamp.is_fresh(host.project)
    host.killed_at = ""
    setup.set_up(host.project, console)
    assert stamp.is_fresh(host.project)


def test_a_repeated_set_up_that_is_killed_does_not_leave_the_old_stamp(host: Machine, console: Console) -> None:
    setup.set_up(host.project, console)
    (host.project / "requirements.txt").write_text("changed")
    host.killed_at = "packages"
    with pytest.raises(Killed):
        setup.set_up(host.project, console)
    (host.project / "requirements.txt").write_text("")
    assert not stamp.is_fresh(host.project)


def test_two_set_ups_at_once_wait_for_each_other(host: Machine, console: Console, said: list[str]) -> None:
    machine.cache_home().mkdir()
    with (machine.cache_home() / "lock").open("a") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        second = threading.Thread(target=setup.set_up, args=(host.project, console))
        second.start()
        eventually(lambda: said)
        second.join(0.2)
        assert (said, host.steps) == (["Another set-up of this user is under way; waiting for it to end."], [])
    second.join()
    assert host.steps == EVERY_STEP


def test_what_a_killed_set_up_left_running_is_waited_for(tmp_path: Path, said: list[str]) -> None:
    enough = tmp_path / "enough"

    def write(text: str) -> None:
        said.append(text.rstrip("\n"))
        enough.touch()

    program = (
        "import sys\nfrom pathlib import Path\nfrom tools.engine import command, lock\n"
        "from tools.engine.console import Console\n"
        "with lock.held(Path(sys.argv[1]), Console()):\n"
        "    script = 'echo started; until test -e \"$0/enough\"; do sleep 0.01; done'\n"
        "    command.run(['sh', '-c', script, sys.argv[1]], on_line=lambda line: print(line, flush=True))\n"
    )
    with subprocess.Popen([sys.executable, "-c", program, tmp_path], stdout=subprocess.PIPE, text=True) as killed:
        assert killed.stdout is not None
        assert killed.stdout.readline() == "started\n"
        killed.kill()
    with lock.held(tmp_path, Console(write)):
        enough.touch()
        assert said == ["Another set-up of this user is under way; waiting for it to end."]


def test_a_cache_folder_that_cannot_be_made_is_refused_with_a_way_out(tmp_path: Path, console: Console) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(CacheNotWritableError) as refused, lock.held(tmp_path / "file" / "cache", console):
        pass
    assert str(refused.value) == (
        f"The cache folder {tmp_path}/file/cache cannot be written (Not a directory). "
        "Make it writable, or point XDG_CACHE_HOME at a folder that is."
    )


def test_a_python_that_is_too_old_is_refused_in_one_message(tmp_path: Path) -> None:
    pretend = "import sys, runpy; sys.version_info = (3, 9, 6); runpy.run_module('tools.engine', run_name='__main__')"
    done = subprocess.run([sys.executable, "-c", pretend], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (20, "")
    assert done.stderr == (
        f"{sys.executable} is Python 3.9; this project needs 3.11 or newer.\n"
        "Install one (https://www.python.org/downloads/, or your package manager), "
        "or name one that is there: make setup PYTHON=python3.12\n"
    )
