"""What the Pulumi CLI prints becomes an outcome, whose verdict is never better than its exit code."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ops.engine import Engine
from ops.errors import OperationError
from ops.exit_code import ExitCode

Make = Callable[[str], Engine]

SUMMARY = {"sequence": 3, "summaryEvent": {"resourceChanges": {"create": 2, "same": 5, "read": 1}}}


def error(message: str, **more: Any) -> dict[str, Any]:
    return {"diagEvent": {"severity": "error", "message": message, **more}}


def printing(*events: dict[str, Any] | str, code: int = 0, stderr: str = "") -> str:
    lines = [event if isinstance(event, str) else json.dumps(event) for event in events]
    stream = "".join(f"{line}\n" for line in lines)
    return f"cat <<'END_OF_STREAM'\n{stream}END_OF_STREAM\nprintf '%s' '{stderr}' >&2\nexit {code}"


def test_the_summary_counts_the_changes(engine: Make) -> None:
    outcome = engine(printing(SUMMARY)).up()
    assert outcome.ok
    assert outcome.changes == {"create": 2, "same": 5, "read": 1}
    assert outcome.changed == 2


def test_every_event_reaches_the_listener_in_order(engine: Make) -> None:
    seen: list[dict[str, Any]] = []
    engine(printing({"sequence": 1}, "Updating (staging):", {"sequence": 2}, SUMMARY)).preview(seen.append)
    assert [event["sequence"] for event in seen] == [1, 2, 3]


def test_an_error_is_told_once_without_its_prefix(engine: Make) -> None:
    events = [error("error: the region is full\n"), error("error: the region is full\n"), error("no quota")]
    outcome = engine(printing(*events, code=1)).up()
    assert not outcome.ok
    assert outcome.errors == ("the region is full", "no quota")


def test_an_error_that_only_passes_is_not_told(engine: Make) -> None:
    outcome = engine(printing(error("trying again", ephemeral=True), SUMMARY)).up()
    assert (outcome.ok, outcome.errors) == (True, ())


def test_a_warning_is_no_error(engine: Make) -> None:
    warning = {"diagEvent": {"severity": "warning", "message": "deprecated"}}
    assert engine(printing(warning)).up().errors == ()


def test_the_exit_code_decides_even_when_no_event_says_why(engine: Make) -> None:
    outcome = engine(printing(SUMMARY, code=255, stderr="error: the stack is locked")).up()
    assert not outcome.ok
    assert outcome.errors == ("error: the stack is locked",)


def test_what_is_no_event_explains_a_failure_when_nothing_else_does(engine: Make) -> None:
    assert engine(printing("panic: out of memory", code=2)).up().errors == ("panic: out of memory",)


def test_a_stream_cut_off_within_a_line_is_a_failure_with_what_was_there(engine: Make) -> None:
    outcome = engine(printing(error("the region is full"), '{"summaryEvent": {"resourceCh', code=137)).up()
    assert not outcome.ok
    assert outcome.errors == ("the region is full",)
    assert outcome.changes == {}


def test_an_end_without_a_word_is_said(engine: Make) -> None:
    assert engine("exit 1").up().errors == ("it ended without a word",)


def test_much_on_both_streams_blocks_nothing(engine: Make) -> None:
    script = "i=0; while [ $i -lt 1500 ]; do printf '%0100d\\n' $i >&2; i=$((i+1)); done; " + printing(SUMMARY)
    assert engine(script).up().changes == SUMMARY["summaryEvent"]["resourceChanges"]


def test_a_command_that_fails_raises_its_last_words(engine: Make) -> None:
    with pytest.raises(OperationError) as raised:
        engine("echo 'error: no such stack' >&2; exit 1").outputs()
    assert str(raised.value) == "pulumi stack: error: no such stack"
    assert raised.value.exit_code is ExitCode.ENGINE


def test_every_run_names_its_stack_and_never_asks(engine: Make, tmp_path: Path) -> None:
    made = engine(f'echo "$*" >> {tmp_path}/calls; echo {{}}')
    made.up()
    made.preview()
    made.refresh(None, "--preview-only")
    made.cancel()
    quiet = "--non-interactive --color never"
    assert (tmp_path / "calls").read_text().splitlines() == [
        f"up --stack staging --json --yes --skip-preview {quiet}",
        f"preview --stack staging --json {quiet}",
        f"refresh --stack staging --json --preview-only {quiet}",
        f"cancel --yes --stack staging {quiet}",
    ]


def test_a_stack_that_the_backend_knows_is_not_created_again(engine: Make, tmp_path: Path) -> None:
    made = engine(f"""echo "$2" >> {tmp_path}/calls; echo '[{{"name": "organization/slipway/staging"}}]'""")
    made.create_stack(tmp_path)
    assert (tmp_path / "calls").read_text() == "ls\n"


def test_a_stack_that_the_backend_does_not_know_is_created(engine: Make, tmp_path: Path) -> None:
    engine(f'echo "$2" >> {tmp_path}/calls; echo "[]"').create_stack(tmp_path)
    assert (tmp_path / "calls").read_text() == "ls\ninit\n"


def test_a_missing_cli_says_how_to_get_it(tmp_path: Path) -> None:
    with pytest.raises(OperationError) as raised:
        Engine(tmp_path, "staging", {"PATH": str(tmp_path)})
    assert (str(raised.value), raised.value.exit_code) == (
        "the Pulumi CLI is not there; run: make setup",
        ExitCode.NOT_SET_UP,
    )
