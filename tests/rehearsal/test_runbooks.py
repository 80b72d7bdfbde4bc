"""Every command line of the runbooks, carried out on rehearsed stacks, as a dry run where it would change something."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ops.exit_code import ExitCode
from ops.runbook.pages import verb
from ops.runbook.runbook import runbooks
from tests.rehearsal.project import Project

pytestmark = [pytest.mark.engine, pytest.mark.timeout(600)]

STACKS = ("production", "staging", "performance")

FROM_SETTINGS = {"check", "cost"}
"""Verbs that look at what is deployed only when they are told to."""


@pytest.fixture(scope="module")
def operated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """A project whose stacks are all rehearsed and backed up."""
    made = Project(tmp_path_factory.mktemp("operated") / "project")
    for stack in STACKS:
        for arguments in (["rehearse", stack], ["backup", "--stack", stack, "--sandbox", "--yes"]):
            done = made.slipway(*arguments)
            assert done.returncode == 0, done.stdout + done.stderr
    yield made
    made.close()


def rehearsed(arguments: list[str]) -> tuple[str, ...]:
    """The same on the emulated clouds, without acting, and without waiting for minutes."""
    command, _ = verb(arguments)
    options = {option for parameter in command.params for option in parameter.opts}
    kept = [word for word in arguments if word != "--yes"]
    if "--watch" in kept:
        kept = [word for word in kept if word not in {"--for", "5m", "24h"}] + ["--for", "1s"]
    deployed = "--sandbox" in options and kept[0] not in FROM_SETTINGS
    return (*kept, *(["--sandbox"] if deployed else []))


def commands() -> dict[tuple[str, ...], set[ExitCode]]:
    """Every command line once, with the exit codes that are an answer wherever it stands."""
    found: dict[tuple[str, ...], set[ExitCode]] = {}
    for runbook in runbooks().values():
        for step in runbook.steps:
            if step.arguments and step.arguments[0] != "rehearse":
                found.setdefault(rehearsed(step.arguments), set()).update(step.exit_codes)
    return found


@pytest.mark.parametrize("arguments", commands(), ids=" ".join)
def test_it_does_what_the_page_says(operated: Project, arguments: tuple[str, ...]) -> None:
    done = operated.slipway(*arguments)
    said = f"{done.stdout}\n{done.stderr}"
    assert done.returncode in commands()[arguments], said
    assert "Traceback" not in said
    assert said.strip()
