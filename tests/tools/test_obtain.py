from collections.abc import Callable
from pathlib import Path

import pytest

from tools.engine import machine, obtain, on_path
from tools.engine.console import Console
from tools.engine.errors import ProgramUnavailableError, WayClosedError
from tools.engine.program import Program

Script = Callable[[Path, str], Path]


@pytest.fixture
def not_on_path(monkeypatch: pytest.MonkeyPatch) -> None:
    def closed(program: Program, *, skip: Path) -> Path:
        raise WayClosedError("not on PATH")

    monkeypatch.setattr(on_path, "find", closed)


def works(answer: str, script: Script) -> obtain.Way:
    def way(program: Program, folder: Path, console: Console) -> None:
        script(folder / program.name, f"echo {answer}")

    return way


def closed(reason: str) -> obtain.Way:
    def way(program: Program, folder: Path, console: Console) -> None:
        (folder / "half").touch()
        raise WayClosedError(reason)

    return way


def set_ways(monkeypatch: pytest.MonkeyPatch, vendor: obtain.Way, go: obtain.Way) -> None:
    monkeypatch.setattr(obtain, "WAYS", (("vendor", "the vendor's release", vendor), ("go", "Go modules", go)))


def test_a_program_on_path_is_preferred_to_all_else(
    tool: Program, script: Script, console: Console, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = script(tmp_path / "tool", "echo v2.1.0")
    monkeypatch.setattr(on_path, "find", lambda program, *, skip: file)
    set_ways(monkeypatch, closed("unused"), closed("unused"))
    assert obtain.obtain(tool, tmp_path / "cache", tmp_path, console) == obtain.Obtained(tool, file, "path")


@pytest.mark.usefixtures("not_on_path")
def test_the_vendors_release_is_preferred_to_a_build(
    tool: Program, script: Script, console: Console, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_ways(monkeypatch, works("v2.1.0", script), works("v2.1.0", script))
    assert obtain.obtain(tool, tmp_path, tmp_path, console).origin == "vendor"


@pytest.mark.usefixtures("not_on_path")
def test_a_build_is_the_last_way_and_says_why(
    tool: Program, script: Script, console: Console, said: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_ways(monkeypatch, closed("cannot be reached"), works("v2.1.0", script))
    assert obtain.obtain(tool, tmp_path, tmp_path, console).origin == "go"
    assert said == ["      Tool: the vendor's release: cannot be reached", "      Tool 2.1.0: from Go modules"]


@pytest.mark.usefixtures("not_on_path")
def test_a_second_clone_takes_what_the_first_one_built(
    tool: Program, script: Script, console: Console, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_ways(monkeypatch, closed("cannot be reached"), works("v2.1.0", script))
    first = obtain.obtain(tool, tmp_path, tmp_path, console)
    set_ways(monkeypatch, closed("must not be tried"), closed("must not be tried"))
    assert obtain.obtain(tool, tmp_path, tmp_path, console) == first


@pytest.mark.usefixtures("not_on_path")
def test_what_answers_with_another_version_is_not_kept(
    tool: Program, script: Script, console: Console, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_ways(monkeypatch, works("v2.0.0", script), closed("Go is not installed"))
    with pytest.raises(ProgramUnavailableError, match=r"says it is \(2, 0, 0\), not 2\.1\.0"):
        obtain.obtain(tool, tmp_path, tmp_path, console)
    assert list((tmp_path / "tool").iterdir()) == []


@pytest.mark.usefixtures("not_on_path")
def test_when_no_way_works_one_message_names_every_way_out(
    tool: Program, console: Console, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(machine, "cache_home", lambda: tmp_path)
    set_ways(monkeypatch, closed("https://vendor cannot be reached (timed out)"), closed("Go is not installed"))
    with pytest.raises(ProgramUnavailableError) as refused:
        obtain.obtain(tool, tmp_path, tmp_path, console)
    assert str(refused.value) == (
        "Tool 2.1.0 cannot be had on this machine. Tried:\n"
        "  - PATH: not on PATH\n"
        "  - the vendor's release: https://vendor cannot be reached (timed out)\n"
        "  - Go modules: Go is not installed\n"
        "Ways out, any one of them, then run `make setup` again:\n"
        "  - install Tool 2.0.0 or newer (https://www.pulumi.com/docs/install/) and put it on PATH\n"
        "  - let this machine reach https://get.pulumi.com/releases/sdk (HTTPS_PROXY is honoured)\n"
        "  - install Go 1.26 or newer (https://go.dev/dl/) with access to a module proxy (GOPROXY is honoured)\n"
        "  - copy ~/.cache/slipway from a machine of the same kind where `make setup` has run"
    )
    assert refused.value.exit_code == 22


@pytest.mark.usefixtures("not_on_path")
def test_a_killed_build_leaves_nothing_that_is_taken_for_a_program(
    tool: Program, script: Script, console: Console, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = tmp_path / "tool" / f"{obtain.UNFINISHED}4711-2.1.0-go-{tool.recipe('go')}"
    script(left / "tool", "echo v2.1.0")
    obtain.remove_unfinished(tmp_path)
    assert not left.exists()
    set_ways(monkeypatch, closed("cannot be reached"), works("v2.1.0", script))
    assert obtain.obtain(tool, tmp_path, tmp_path, console).file.is_file()


def test_a_changed_way_to_build_does_not_take_the_old_result(tool: Program) -> None:
    from dataclasses import replace

    changed = replace(tool, go=replace(tool.go, ldflags="-s"))
    assert changed.recipe("go") != tool.recipe("go")
    assert changed.recipe("vendor") == tool.recipe("vendor")
