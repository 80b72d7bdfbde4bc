"""What is told of past deployments, and which release a return leads to."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ops.deployment import history
from ops.deployment.release import Releases
from ops.deployment.verbs import _goal
from ops.deployment.verdict import Verdict
from ops.errors import OperationError
from ops.exit_code import ExitCode
from ops.holder import Holder
from ops.journal import Journal

ADA = Holder("ada", "laptop", 1, "place", "1")


class Past:
    """A stack with a past."""

    def __init__(self, records: Path) -> None:
        self.journal = Journal(records)
        self.releases = Releases(records, "production")

    def deployed(
        self, verdict: Verdict | None = Verdict.DEPLOYED, *, runs: int | None = None, kept: bool = True
    ) -> int:
        made = self.journal.begin("deploy", target=None, commit="4f1c2d3e4f5a+", holder=ADA)
        if kept:
            self.releases.release(made.number).folder.mkdir(parents=True)
        if verdict:
            runs = made.number if verdict is Verdict.DEPLOYED else runs
            self.journal.end(made.number, verdict, runs=runs)
        return made.number

    def returned(self, target: int) -> None:
        made = self.journal.begin("rollback", target=target, commit="", holder=ADA)
        self.journal.end(made.number, Verdict.ROLLED_BACK, runs=target)

    def goal(self, target: int | None = None) -> int:
        return _goal(self.journal, self.releases, target, "--stack staging --sandbox")


@pytest.fixture
def past(tmp_path: Path) -> Past:
    return Past(tmp_path)


def refused(past: Past, target: int | None = None) -> str:
    with pytest.raises(OperationError) as error:
        past.goal(target)
    assert error.value.exit_code is ExitCode.USAGE
    return str(error.value)


def test_a_return_leads_to_the_good_release_before_the_one_that_runs(past: Past) -> None:
    past.deployed()
    past.deployed()
    past.deployed(Verdict.ROLLED_BACK, runs=2)
    assert past.goal() == 1
    past.deployed()
    assert past.goal() == 2
    past.returned(2)
    assert past.goal() == 1


def test_when_nobody_knows_what_runs_it_leads_to_the_last_good_one(past: Past) -> None:
    past.deployed()
    past.deployed()
    past.deployed(Verdict.NOT_ROLLED_BACK)
    assert past.goal() == 2


def test_a_release_that_was_never_good_or_is_not_kept_cannot_be_returned_to(past: Past) -> None:
    assert refused(past) == "there is no earlier release; kept are: none"
    past.deployed(kept=False)
    past.deployed(Verdict.ROLLED_BACK, runs=1)
    past.deployed()
    assert refused(past) == "there is no earlier release; kept are: 3"
    assert refused(past, 1) == "1 is no release that can be returned to; kept are: 3"
    assert refused(past, 2) == "2 is no release that can be returned to; kept are: 3"
    assert past.goal(3) == 3


def test_nothing_is_returned_to_while_a_deployment_is_cut_off(past: Past) -> None:
    past.deployed()
    past.deployed(None)
    with pytest.raises(OperationError, match=r"deployment 2 of ada@laptop.* was cut off in the step 'files'") as error:
        past.goal(1)
    assert "./slipway deploy --resume --yes --stack staging --sandbox," in str(error.value)


def test_the_table_has_a_line_for_each_the_newest_first(past: Past) -> None:
    number = past.deployed()
    past.journal.note(number, {"images": {"web": "registry.fly.io/web:v1@sha256:aa", "redis": "redis:7@sha256:bb"}})
    past.returned(number)
    past.deployed(None)
    head, newest, back, first = history.table(past.journal.deployments())
    assert head.split() == ["what", "verdict", "began", "(UTC)", "took", "who", "commit", "images"]
    assert newest.split()[:3] == ["3", "deploy", "unfinished"]
    assert back.split()[:6] == ["2", "return", "to", "1", "rolled", "back"]
    assert first.split()[:3] == ["1", "deploy", "deployed"]
    assert first.endswith("ada@laptop  4f1c2d3e4f5a+  redis:7, web:v1")


def test_a_story_tells_every_step_and_the_reason(past: Past) -> None:
    number = past.deployed(None)
    past.journal.begin_step(number, "forward", "files")
    past.journal.end_step(number, "forward", "files", "kept", ok=True)
    past.journal.begin_step(number, "forward", "up")
    past.journal.explain(number, "up: it is broken")
    told = list(history.story(past.journal.deployment(number)))
    assert told[2].startswith("  ✓ files: kept (")
    assert told[3:] == ["  … up (cut off)", "up: it is broken"]


def test_programs_are_told_everything(past: Past) -> None:
    number = past.deployed()
    (told,) = json.loads(history.as_json(past.journal.deployments()))
    assert (told["number"], told["kind"], told["verdict"], told["runs"]) == (number, "deploy", "deployed", number)
    assert (told["who"], told["commit"], told["images"], told["steps"]) == ("ada@laptop", "4f1c2d3e4f5a+", {}, [])
