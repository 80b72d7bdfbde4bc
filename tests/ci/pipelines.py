"""The pipelines of both forges as data, and the command lines in them."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
ACTIONS = sorted((ROOT / ".github" / "actions").rglob("action.yml"))
GITLAB = ROOT / "ci" / "gitlab" / "slipway.gitlab-ci.yml"


def workflow(name: str) -> Any:
    return yaml.safe_load((ROOT / ".github" / "workflows" / f"{name}.yml").read_text())


def jobs() -> Iterator[tuple[str, Mapping[str, Any]]]:
    """`file: job` and the job, for every job of GitHub's."""
    for file in WORKFLOWS:
        for name, job in yaml.safe_load(file.read_text())["jobs"].items():
            yield f"{file.stem}: {name}", job


def scripts() -> Iterator[tuple[str, str]]:
    """Where each line of shell stands, and the line, of both forges and of .ci/pull-request."""
    for name, job in jobs():
        for step in job["steps"]:
            yield from ((name, line) for line in step.get("run", "").splitlines())
    for file in ACTIONS:
        for step in yaml.safe_load(file.read_text())["runs"]["steps"]:
            yield from ((file.parent.name, line) for line in step.get("run", "").splitlines())
    for name, job in yaml.safe_load(GITLAB.read_text()).items():
        if isinstance(job, dict):
            yield from ((f"GitLab: {name}", line) for line in _lines(job))
    for line in (ROOT / ".ci" / "pull-request").read_text().splitlines():
        yield ".ci/pull-request", line.strip()


def _lines(job: Mapping[str, Any]) -> Iterator[str]:
    for part in ("before_script", "script", "after_script"):
        yield from job.get(part, [])


def words(line: str) -> list[str]:
    """A line as the shell takes it, up to a redirection or another command."""
    return shlex.split(re.split(r" (?:>|\|\||&&)", line)[0])
