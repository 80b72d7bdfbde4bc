"""The options of `./slipway cost`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from ops.cli import app, program
from ops.errors import OperationError
from ops.exit_code import ExitCode
from tests.settings.samples import Project

Run = Callable[..., Result]


@pytest.fixture
def run(project: Project, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setattr(program, "_ROOT", project.root)
    return lambda *arguments: CliRunner().invoke(app, ["cost", *arguments])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--diff", "--what-if", "a=1"), "--diff and --what-if compare with different things; choose one of them"),
        (("--sandbox",), "--sandbox says where to look for what is deployed; add --diff"),
    ],
)
def test_options_that_do_not_go_together_are_refused(run: Run, arguments: tuple[str, ...], said: str) -> None:
    error: Any = run(*arguments).exception
    assert isinstance(error, OperationError)
    assert (str(error), error.exit_code) == (said, ExitCode.USAGE)


def test_the_prices_of_today_count_unless_a_day_is_named(run: Run) -> None:
    before = date.today()  # noqa: DTZ011
    said = run("--system", "shop").output.splitlines()[0]
    assert said.endswith(tuple(f"by the prices known on {day}:" for day in (before, date.today())))  # noqa: DTZ011
    old = run("--system", "shop", "--on", "2026-08-31").output
    assert old.splitlines()[0].endswith("by the prices known on 2026-08-31:")
    assert "3.81 to 7.62" in old


def test_other_settings_can_be_tried_several_at_once(run: Run) -> None:
    done = run("--what-if", "app.replicas=3", "--what-if", "app.machines.maximum=4", "--json")
    assert done.exit_code == 0
    assert '"delta": {"low": 12.0, "high": 20.81, "unknown": 0}' in done.output
