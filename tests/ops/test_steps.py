"""The steps of a long verb: shown as they end, failed ones too, with the time of each."""

from __future__ import annotations

import io
import re

import pytest
from rich.console import Console

from ops.errors import OperationError
from ops.exit_code import ExitCode
from ops.steps import Progress, Steps


@pytest.fixture
def console() -> Console:
    return Console(width=100, color_system=None, file=io.StringIO())


def said(console: Console) -> list[str]:
    return [re.sub(r"\d+\.\d s", "0.0 s", line.rstrip()) for line in console.file.getvalue().splitlines()]


def test_a_step_is_shown_with_its_result_and_time(console: Console) -> None:
    with Steps(console).step("health") as step:
        step.result = "2 of 2 answered"
    assert said(console) == ["✓ health: 2 of 2 answered (0.0 s)"]


def test_a_step_that_raises_is_shown_as_failed_and_still_raises(console: Console) -> None:
    steps = Steps(console)
    with pytest.raises(OperationError), steps.step("refresh"):
        raise OperationError("drift", ExitCode.UNVERIFIED)
    assert said(console) == ["✗ refresh (0.0 s)"]


def test_the_table_sums_up_all_steps(console: Console) -> None:
    steps = Steps(console, taken=[("state", 1.25), ("pulumi up", 10.5)])
    console.print(steps.table())
    text = console.file.getvalue()
    assert [line.split() for line in text.splitlines()] == [
        ["state", "1.2", "s"],
        ["pulumi", "up", "10.5", "s"],
        ["all", "together", "11.8", "s"],
    ]


def event(op: str, kind: str = "digitalocean:index/app:App", *, planning: bool = False) -> dict[str, object]:
    metadata = {"op": op, "type": kind, "urn": "urn:pulumi:staging::slipway::t::tetrix-app"}
    return {"resOutputsEvent": {"metadata": metadata, "planning": planning}}


def test_only_changes_that_were_made_are_told(console: Console) -> None:
    progress = Progress(console)
    progress(event("create"))
    progress(event("same"))
    progress(event("read"))
    progress(event("create", "pulumi:pulumi:Stack"))
    progress(event("update", planning=True))
    progress({"diagEvent": {}})
    assert said(console) == ["    create   App tetrix-app"]
