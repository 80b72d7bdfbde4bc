"""A pull request from its rehearsal to its comment, with the real engine and a forge on loopback."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from tests.ops.forge.fake_github import FakeGitHub
from tests.rehearsal.project import SOURCE, Project

pytestmark = pytest.mark.engine


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """A project with one stack of one system."""
    made = Project(tmp_path / "project")
    for file in made.root.glob("Pulumi.*.yaml"):
        if file.name != "Pulumi.staging.yaml":
            file.unlink()
    made.keep_systems("staging", "tetrix")
    yield made
    made.close()


@pytest.fixture
def github() -> Iterator[FakeGitHub]:
    made = FakeGitHub()
    yield made
    made.close()


def test_a_change_is_rehearsed_reported_and_told_in_one_comment(project: Project, github: FakeGitHub) -> None:
    rehearse(project)
    assert comment(project, github) == "a new comment"

    file = project.root / "Pulumi.staging.yaml"
    content = yaml.safe_load(file.read_text())
    content["config"]["slipway:systems"]["tetrix"]["app"]["size"] = "apps-s-1vcpu-1gb"
    file.write_text(yaml.safe_dump(content))
    rehearse(project)
    assert comment(project, github) == "the comment, in place"
    (body,) = github.bodies()
    shown = re.search(r"```markdown\n(.*?)```", (SOURCE / "docs" / "ci.md").read_text(), re.DOTALL)
    assert shown
    assert body.startswith(shown[1])
    assert comment(project, github) == "the comment says the same already: left untouched"


def rehearse(project: Project) -> None:
    done = subprocess.run(
        [project.root / ".ci" / "pull-request", project.root / "reports"],
        env=project._environment({}),
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def comment(project: Project, github: FakeGitHub) -> str:
    """What became of the one comment."""
    done = project.slipway("comment", str(project.root / "reports"), "--yes", **github.environment())
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()[1].partition("staging: ")[2]
