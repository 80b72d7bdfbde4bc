"""From step to step, and back: which verdict comes of what, and what a cut leaves to be done."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from ops.deployment import run
from ops.deployment.options import Options
from ops.deployment.run import Deploying
from ops.deployment.steps import BACK, FORWARD
from ops.deployment.verdict import Verdict
from ops.errors import OperationError
from ops.exit_code import ExitCode
from ops.journal import Deployment, Journal
from ops.steps import Steps
from ops.surroundings import Surroundings
from sandbox.errors import NotRunningError

NAMES = [plan.name for plan in FORWARD]
BACK_NAMES = [plan.name for plan in BACK]


class Actions:
    """Notes the steps that are taken; those in `fails` fail, and those in `cuts` end the process."""

    def __init__(self, fails: set[str], cuts: set[str]) -> None:
        self.touched = False
        self.taken: list[str] = []
        self._fails = fails
        self._cuts = cuts

    def take(self, name: str, number: int) -> str:
        self.taken.append(name)
        if name in self._cuts:
            raise KeyboardInterrupt
        if f"no clouds at {name}" in self._fails:
            raise NotRunningError("no sandbox answers")
        if name in ("up", "return") and f"untouched {name}" not in self._fails:
            self.touched = True
        if name in self._fails or f"untouched {name}" in self._fails:
            raise OperationError(f"{name} is broken\nmore words", ExitCode.ENGINE)
        return "done"


@pytest.fixture
def stack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Runs a verb of `Deploying` with such actions; gives the deployment and the steps taken."""
    monkeypatch.setattr(run, "commit", lambda root: "4f1c")
    place = Surroundings(tmp_path, type("Stack", (), {"name": "production"})(), {}, tmp_path)  # type: ignore[arg-type]

    def go(
        verb: str = "deploy", *, target: int | None = None, fails: set[str] = frozenset(), cuts: set[str] = frozenset()
    ) -> tuple[Deployment, list[str]]:
        deploying = Deploying(place, Options(), Steps(Console(quiet=True)))
        actions = deploying._actions = Actions(set(fails), set(cuts))  # type: ignore[assignment]
        made = deploying.resume() if verb == "resume" else deploying.begin(verb, target)  # type: ignore[arg-type]
        return made, actions.taken

    return go


def test_a_good_release_is_deployed(stack: Any) -> None:
    made, taken = stack()
    assert (made.verdict, made.runs, taken) == (Verdict.DEPLOYED, 1, NAMES)


@pytest.mark.parametrize("step", NAMES[: NAMES.index("up")])
def test_a_check_that_fails_beforehand_refuses_and_changes_nothing(stack: Any, step: str) -> None:
    stack()
    made, taken = stack(fails={step})
    assert (made.verdict, made.runs, taken) == (Verdict.REFUSED, 1, NAMES[: NAMES.index(step) + 1])
    assert made.reason == f"{step}: {step} is broken\nmore words"


def test_emulated_clouds_that_die_meanwhile_end_in_a_verdict_as_well(stack: Any) -> None:
    stack()
    made, _ = stack(fails={"no clouds at verify", "no clouds at verify again"})
    assert made.verdict is Verdict.NOT_ROLLED_BACK
    assert made.reason == "verify: no sandbox answers\nverify again: no sandbox answers"


def test_an_engine_that_fails_before_it_changed_anything_refuses_as_well(stack: Any) -> None:
    stack()
    made, taken = stack(fails={"untouched up"})
    assert (made.verdict, made.runs) == (Verdict.REFUSED, 1)
    assert "return" not in taken


@pytest.mark.parametrize("step", ["up", "verify", "record"])
def test_a_bad_release_is_rolled_back(stack: Any, step: str) -> None:
    stack()
    made, taken = stack(fails={step})
    assert (made.verdict, made.runs) == (Verdict.ROLLED_BACK, 1)
    assert taken == [*NAMES[: NAMES.index(step) + 1], *BACK_NAMES]


@pytest.mark.parametrize("step", BACK_NAMES)
def test_a_way_back_that_fails_is_never_called_a_rollback(stack: Any, step: str) -> None:
    stack()
    made, _ = stack(fails={"verify", step})
    assert (made.verdict, made.runs) == (Verdict.NOT_ROLLED_BACK, None)
    assert made.reason == f"verify: verify is broken\nmore words\n{step}: {step} is broken\nmore words"


def test_a_rollback_runs_the_release_that_was_asked_for(stack: Any) -> None:
    stack()
    stack()
    made, taken = stack("rollback", target=1)
    assert (made.verdict, made.runs, taken) == (Verdict.ROLLED_BACK, 1, BACK_NAMES)


def test_a_rollback_that_changed_nothing_leaves_the_release_that_runs(stack: Any) -> None:
    stack()
    stack()
    made, _ = stack("rollback", target=1, fails={"untouched return"})
    assert (made.verdict, made.runs) == (Verdict.REFUSED, 2)


@pytest.mark.parametrize("step", NAMES)
def test_after_a_cut_a_plain_deployment_refuses_and_a_resumed_one_goes_on_there(stack: Any, step: str) -> None:
    with pytest.raises(KeyboardInterrupt):
        stack(cuts={step})
    with pytest.raises(OperationError) as refused:
        stack()
    assert refused.value.exit_code is ExitCode.REFUSED
    assert f"was cut off in the step {step!r} on its way; nobody knows what runs now" in str(refused.value)
    made, taken = stack("resume")
    assert (made.number, made.verdict, taken) == (1, Verdict.DEPLOYED, NAMES[NAMES.index(step) :])


@pytest.mark.parametrize("step", BACK_NAMES)
def test_after_a_cut_on_the_way_back_it_goes_on_backwards(stack: Any, step: str) -> None:
    stack()
    with pytest.raises(KeyboardInterrupt):
        stack(fails={"verify"}, cuts={step})
    made, taken = stack("resume")
    assert (made.verdict, made.runs, taken) == (Verdict.ROLLED_BACK, 1, BACK_NAMES[BACK_NAMES.index(step) :])


def test_a_resumed_engine_that_changes_nothing_more_may_have_done_so_before(stack: Any) -> None:
    stack()
    with pytest.raises(KeyboardInterrupt):
        stack(cuts={"up"})
    made, _ = stack("resume", fails={"untouched up"})
    assert (made.verdict, made.runs) == (Verdict.ROLLED_BACK, 1)


def test_where_nothing_was_cut_off_nothing_is_resumed(stack: Any) -> None:
    stack()
    with pytest.raises(OperationError, match="no deployment of this stack was cut off"):
        stack("resume")


def test_every_step_stands_in_the_journal_with_its_end(stack: Any, tmp_path: Path) -> None:
    stack(fails={"tokens"})
    steps = Journal(tmp_path).deployment(1).steps
    assert [(step.name, step.ok, step.result) for step in steps] == [
        ("files", True, "done"),
        ("policies", True, "done"),
        ("tokens", False, "tokens is broken\nmore words"),
    ]
