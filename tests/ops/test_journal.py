"""What the journal of deployments remembers after a cut."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from ops.deployment.steps import BACK, FORWARD, changes_anything
from ops.deployment.verdict import EXIT_CODES, Verdict
from ops.errors import OperationError
from ops.exit_code import ExitCode
from ops.holder import this_process
from ops.journal import Deployment, Journal


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(tmp_path)


def begun(journal: Journal) -> Deployment:
    return journal.begin("deploy", target=None, commit="4f1c", holder=this_process())


def finished(journal: Journal, verdict: Verdict, runs: int | None) -> Deployment:
    made = begun(journal)
    journal.end(made.number, verdict, runs=runs)
    return made


def test_looking_leaves_no_trace(journal: Journal) -> None:
    assert (journal.deployments(), journal.unfinished(), journal.current(), journal.good()) == ([], None, None, [])
    assert not journal.file.exists()


def test_a_journal_that_cannot_be_read_is_named_with_a_way_out(journal: Journal) -> None:
    journal.file.write_text("no database, and long enough to be seen as none" * 100)
    with pytest.raises(OperationError, match=r"deployments\.sqlite cannot be used: file is not a database; make room"):
        journal.deployments()


def test_the_journal_can_be_read_by_its_owner_only(journal: Journal) -> None:
    begun(journal)
    assert stat.S_IMODE(journal.file.stat().st_mode) == 0o600


def test_a_deployment_brings_a_release_of_its_own(journal: Journal) -> None:
    made = begun(journal)
    assert (made.number, made.target, made.returns_to, made.commit, made.direction) == (1, 1, None, "4f1c", "forward")


@pytest.mark.parametrize("cut", [0, len(FORWARD) - 1])
def test_a_deployment_goes_on_with_the_step_that_was_cut_off(tmp_path: Path, cut: int) -> None:
    journal = Journal(tmp_path)
    number = begun(journal).number
    for plan in FORWARD[:cut]:
        journal.begin_step(number, "forward", plan.name)
        journal.end_step(number, "forward", plan.name, "", ok=True)
    journal.begin_step(number, "forward", FORWARD[cut].name)
    left = Journal(tmp_path).unfinished()
    assert left is not None
    assert (left.direction, left.next_step) == ("forward", FORWARD[cut].name)


def test_a_deployment_that_turned_back_goes_on_backwards(journal: Journal) -> None:
    number = begun(journal).number
    journal.begin_step(number, "forward", "up")
    journal.end_step(number, "forward", "up", "a check failed", ok=False)
    journal.begin_step(number, "back", BACK[0].name)
    left = journal.unfinished()
    assert left is not None
    assert (left.direction, left.next_step) == ("back", BACK[0].name)
    assert [(step.name, step.ok, step.result) for step in left.steps] == [
        ("up", False, "a check failed"),
        (BACK[0].name, None, ""),
    ]


def test_the_release_that_runs_is_the_last_one_that_was_seen_to(journal: Journal) -> None:
    assert journal.current() is None
    finished(journal, Verdict.DEPLOYED, 1)
    finished(journal, Verdict.DEPLOYED, 2)
    finished(journal, Verdict.ROLLED_BACK, 2)
    finished(journal, Verdict.NOT_ROLLED_BACK, None)
    assert journal.current() == 2
    assert begun(journal).returns_to == 2
    assert journal.good() == [2, 1]


def test_facts_are_added_to(journal: Journal) -> None:
    number = begun(journal).number
    journal.note(number, {"images": {"paintbox": "v1"}})
    journal.note(number, {"snapshots": ["vs_1"]})
    assert journal.deployment(number).facts == {"images": {"paintbox": "v1"}, "snapshots": ["vs_1"]}


def test_the_names_of_steps_are_their_own() -> None:
    names = [plan.name for plan in (*FORWARD, *BACK)]
    assert len(names) == len(set(names))


def test_only_the_steps_that_deploy_change_what_serves() -> None:
    assert [plan.name for plan in (*FORWARD, *BACK) if changes_anything(plan.name)] == ["up", "return"]


def test_only_a_new_release_that_runs_ends_a_deployment_well() -> None:
    assert [verdict for verdict in Verdict if EXIT_CODES[verdict] is ExitCode.OK] == [Verdict.DEPLOYED]
    assert len(set(EXIT_CODES.values())) == len(Verdict)
