"""From a rehearsal to a comment, and from drift to an issue, with the real engine and a forge on loopback."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from ops.exit_code import ExitCode
from tests.ops.forge.fake_github import FakeGitHub
from tests.rehearsal.project import SOURCE, Project

pytestmark = pytest.mark.engine


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """A project with one stack of one system, which went through the job once."""
    made = Project(tmp_path_factory.mktemp("ci") / "project")
    for file in made.root.glob("Pulumi.*.yaml"):
        if file.name != "Pulumi.staging.yaml":
            file.unlink()
    made.keep_systems("staging", "tetrix")
    rehearse(made)
    yield made
    made.close()


@pytest.fixture
def github() -> Iterator[FakeGitHub]:
    made = FakeGitHub()
    yield made
    made.close()


def test_a_change_is_rehearsed_reported_and_told_in_one_comment(project: Project, github: FakeGitHub) -> None:
    assert posted(project, github, "comment", project.root / "reports") == "a new comment"

    file = project.root / "Pulumi.staging.yaml"
    content = yaml.safe_load(file.read_text())
    content["config"]["slipway:systems"]["tetrix"]["app"]["size"] = "apps-s-1vcpu-1gb"
    file.write_text(yaml.safe_dump(content))
    rehearse(project)
    assert posted(project, github, "comment", project.root / "reports") == "the comment, in place"
    (body,) = github.bodies()
    shown = re.search(r"```markdown\n(.*?)```", (SOURCE / "docs" / "ci.md").read_text(), re.DOTALL)
    assert shown
    assert body.startswith(shown[1])
    said = posted(project, github, "comment", project.root / "reports")
    assert said == "the comment says the same already: left untouched"


def test_drift_opens_an_issue_and_its_end_closes_it(project: Project, github: FakeGitHub) -> None:
    file = project.root / "drift.json"

    def change(size: str) -> None:
        place = ("tetrix-minimal-staging", "spec.services[0].instanceSizeSlug")
        done = project.slipway("sandbox", "drift", *place, size)
        assert done.returncode == 0, done.stderr

    def look() -> ExitCode:
        looked = project.slipway("drift", "--stack", "staging", "--sandbox", "--json")
        file.write_text(looked.stdout)
        return ExitCode(looked.returncode)

    change("apps-s-2vcpu-4gb")
    assert look() == ExitCode.DRIFT
    assert posted(project, github, "drift-issue", file) == "a new issue"
    (found,) = json.loads(file.read_text())["differences"]
    body = github.issues[8]["body"]
    assert f"instanceSizeSlug` | `{found['state']}` | `apps-s-2vcpu-4gb` |" in body
    change(found["state"])
    assert look() == ExitCode.OK
    assert posted(project, github, "drift-issue", file) == "nothing differs any more: the issue closed"


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


def posted(project: Project, github: FakeGitHub, verb: str, place: Path) -> str:
    """What became of the stack's one comment or issue."""
    done = project.slipway(verb, str(place), "--yes", **github.environment())
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()[1].partition("staging: ")[2]
