"""The entry point: one message and a documented exit code for whatever a verb raises, and no traceback."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import typer.main

from ops import check, cli, schema
from ops.cli import program
from ops.errors import OperationError
from ops.exit_code import ExitCode
from sandbox.client import Client

Run = Callable[..., SimpleNamespace]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    """Runs `./slipway ARGUMENTS` for a project of its own."""
    monkeypatch.setattr(program, "_ROOT", tmp_path)

    def slipway(*arguments: str) -> SimpleNamespace:
        monkeypatch.setattr("sys.argv", ["slipway", *arguments])
        with pytest.raises(SystemExit) as ended:
            cli.run()
        said = capsys.readouterr()
        return SimpleNamespace(code=ended.value.code, out=said.out, err=said.err)

    return slipway


def test_a_refusal_is_one_message_with_its_exit_code(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OperationError("8 is taken; name another", ExitCode.REFUSED)

    monkeypatch.setattr(check, "check_stacks", refuse)
    done = run("check")
    assert (done.code, done.out, done.err) == (ExitCode.REFUSED, "", "8 is taken; name another\n")


def test_emulated_clouds_that_die_meanwhile_are_one_message_with_their_exit_code(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_: object, **__: object) -> None:
        Client("http://127.0.0.1:9").status()

    monkeypatch.setattr(check, "check_stacks", die)
    done = run("check")
    said = "no sandbox answers at http://127.0.0.1:9; start one with `./slipway sandbox start`\n"
    assert (done.code, done.out, done.err) == (ExitCode.SANDBOX, "", said)


def test_an_interruption_says_how_to_go_on(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check, "check_stacks", _interrupted)
    done = run("check")
    assert (done.code, done.err) == (130, "interrupted; run the same command again to go on\n")


def _interrupted(*_: object, **__: object) -> None:
    raise KeyboardInterrupt


def test_what_is_done_ends_with_zero(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check, "check_stacks", lambda *_, **__: ["staging: valid (sample)"])
    done = run("check", "staging")
    assert (done.code, done.out, done.err) == (ExitCode.OK, "staging: valid (sample)\n", "")


@pytest.mark.parametrize(
    "arguments",
    [
        ["chek"],
        ["check", "--jsn"],
        ["check", "--live"],
        ["check", "production", "--sandbox"],
        ["rehearse", "staging", "more"],
        ["sandbox", "drift", "tetrix"],
        ["sandbox", "faults", "latency", "--count", "-1"],
        ["sandbox", "faults", "latency", "--probability", "2"],
        ["sandbox", "faults", "lateness"],
    ],
    ids=" ".join,
)
def test_a_wrong_command_line_is_told_as_such(run: Run, arguments: list[str]) -> None:
    done = run(*arguments)
    assert done.code == ExitCode.USAGE
    assert done.err
    assert "Traceback" not in done.err


def test_generated_files_that_are_out_of_date_are_named_with_the_way_out(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schema, "write_schemas", lambda root, check: ["docs/schema/stack.schema.json"])
    done = run("schema", "--check")
    assert done.code == ExitCode.UNVERIFIED
    assert done.err == "out of date: docs/schema/stack.schema.json; run ./slipway schema and commit the result\n"


def test_generated_files_are_written_once_and_then_up_to_date(run: Run) -> None:
    first, second = run("schema"), run("schema")
    assert first.out == "".join(f"wrote docs/schema/{name}.schema.json\n" for name in ("report", "stack", "system"))
    assert second.out == "up to date\n"


SILENT = {"comment", "drift-issue", "records pack", "records unpack", "rehearse", "sandbox start", "sandbox stop"}
"""Verbs that a program calls, and those whose own first line comes at once."""
OWN_PROGRAM = {"sandbox pulumi", "sandbox drift", "sandbox faults", "edge try"}
"""Verbs that become another program, or answer within a moment."""


def _verbs(command: Any, names: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    for name, part in getattr(command, "commands", {}).items():
        yield from _verbs(part, (*names, name))
    if not hasattr(command, "commands"):
        yield " ".join(names), command


def test_every_verb_tells_a_person_what_it_does_before_it_does_anything() -> None:
    """Before it imports what it works with, which takes longer than a person waits without a word."""
    late = []
    for name, command in _verbs(typer.main.get_command(cli.app)):
        source = inspect.getsource(inspect.unwrap(command.callback))
        body = source[source.index('"""', source.index('"""') + 3) + 3 :].strip()
        if (
            not re.search(r"^ *begin\(", body.partition("import ")[0], re.MULTILINE)
            and name not in SILENT | OWN_PROGRAM
        ):
            late.append(name)
    assert late == []
