"""Pipelines give no more rights than a job needs, and run commands that exist."""

from __future__ import annotations

import importlib.util
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from ops.exit_code import ExitCode
from tests.ci.pipelines import ACTIONS, GITLAB, ROOT, WORKFLOWS, jobs, scripts, words, workflow
from tests.command_line import refusal

# Importing the package itself takes a third of a second.
(_PACKAGE,) = importlib.util.find_spec("check_jsonschema").submodule_search_locations
SCHEMAS = Path(_PACKAGE) / "builtin_schemas" / "vendor"
JOBS = list(jobs())
LINES = sorted({(place, line) for place, line in scripts() if line.startswith(("./slipway ", "make "))})
IDS = [name for name, _ in JOBS]

every_job = pytest.mark.parametrize(("name", "job"), JOBS, ids=IDS)


def text(part: Any) -> str:
    return json.dumps(part)


def test_lines_of_every_kind_are_looked_at() -> None:
    verbs = {words(line)[1] for _, line in LINES}
    assert verbs >= {"check", "report", "rehearse", "comment", "deploy", "verify", "rollback", "drift", "drift-issue"}


def test_every_command_of_a_pipeline_exists() -> None:
    targets = set(re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    wrong = []
    for place, line in LINES:
        name, *rest = words(line)
        problem = refusal(rest) if name == "./slipway" else "" if rest[0] in targets else "there is no such target"
        wrong += [f"{place}: {line}: {problem}"] if problem else []
    assert wrong == []


@pytest.mark.parametrize("file", [*WORKFLOWS, *ACTIONS], ids=lambda file: file.stem)
def test_actions_are_pinned_by_commit_with_their_version_beside(file: Path) -> None:
    used = re.findall(r"uses: (.*)", file.read_text())
    foreign = [name for name in used if not name.startswith("./")]
    assert foreign or file.stem == "action"
    for name in foreign:
        assert re.fullmatch(r"actions/[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", name)


def test_an_action_has_one_version_in_all_files() -> None:
    pins = {
        (match[1], match[2])
        for file in [*WORKFLOWS, *ACTIONS]
        for match in re.finditer(r"uses: (actions/[\w-]+)[\w/-]*@(.*)", file.read_text())
    }
    assert len({name for name, _ in pins}) == len(pins)


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.stem)
def test_a_workflow_starts_without_rights_and_one_at_a_time(file: Path) -> None:
    content = yaml.safe_load(file.read_text())
    assert content["permissions"] == {}
    assert content["concurrency"]["group"]
    # YAML 1.1 reads the key `on` as true.
    assert "pull_request_target" not in content[True]


def test_only_a_pull_requests_run_is_cut_off_by_a_newer_one() -> None:
    assert {file.stem: workflow(file.stem)["concurrency"]["cancel-in-progress"] for file in WORKFLOWS} == {
        "deploy": False,
        "drift": False,
        "pull-request": True,
    }


WRITES = {"pull-request: comment": {"pull-requests"}, "drift: drift": {"issues"}}


@every_job
def test_a_job_has_a_time_limit_and_the_rights_it_needs(name: str, job: Mapping[str, Any]) -> None:
    assert 0 < job["timeout-minutes"] <= 60
    rights = dict(job["permissions"])
    assert {right for right, level in rights.items() if level == "write"} == WRITES.get(name, set())
    assert rights.pop("contents") == "read"


@every_job
def test_no_checkout_leaves_its_token_behind(name: str, job: Mapping[str, Any]) -> None:
    checkouts = [step for step in job["steps"] if step.get("uses", "").startswith("actions/checkout@")]
    assert len(checkouts) == 1, name
    assert checkouts[0]["with"]["persist-credentials"] is False


@every_job
def test_secrets_are_those_of_an_environment_and_reach_single_steps_only(name: str, job: Mapping[str, Any]) -> None:
    if "secrets." in text(job):
        assert job["environment"], name
    without_steps = {key: value for key, value in job.items() if key != "steps"}
    assert "secrets." not in text(without_steps)
    assert "github.token" not in text(without_steps)
    for step in job["steps"]:
        assert "secrets." not in step.get("run", "")
        assert "${{" not in step.get("run", ""), "an expression in a script runs whatever it holds"


def test_what_forks_run_meets_no_secret_and_no_right_to_write() -> None:
    for name in ("checks", "rehearsal"):
        job = workflow("pull-request")["jobs"][name]
        assert "if" not in job
        assert "secrets." not in text(job)
        assert "environment" not in job
        assert "write" not in job["permissions"].values()


@pytest.mark.parametrize("name", ["preview", "comment"])
def test_what_has_secrets_or_writes_is_not_run_for_forks(name: str) -> None:
    condition = workflow("pull-request")["jobs"][name]["if"]
    assert "github.event.pull_request.head.repo.full_name == github.repository" in condition


def test_comments_are_written_by_the_target_branchs_program() -> None:
    steps = workflow("pull-request")["jobs"]["comment"]["steps"]
    assert steps[0]["with"]["ref"] == "${{ github.event.pull_request.base.sha }}"
    assert [step["run"] for step in steps if "github.token" in text(step.get("env"))] == [
        "./slipway comment reports/preview reports/rehearsal --yes"
    ]


def test_nothing_is_posted_when_a_preview_failed() -> None:
    condition = workflow("pull-request")["jobs"]["comment"]["if"]
    assert "needs.rehearsal.result == 'success'" in condition
    assert "(needs.preview.result == 'success' || needs.preview.result == 'skipped')" in condition


def test_a_deployment_waits_for_its_environment_and_for_the_one_before() -> None:
    content = workflow("deploy")
    stack = "${{ inputs.stack || 'production' }}"
    assert content["concurrency"]["group"] == f"deploy-{stack}"
    assert content["jobs"]["deploy"]["environment"] == stack
    assert content["jobs"]["deploy"]["needs"] == "rehearsal"


@pytest.mark.parametrize("file", [*WORKFLOWS, *ACTIONS, GITLAB], ids=lambda file: file.stem)
def test_files_fit_the_forges_own_schemas(file: Path) -> None:
    name = {".github/workflows": "github-workflows", "ci/gitlab": "gitlab-ci"}
    schema = name.get(file.parent.relative_to(ROOT).as_posix(), "github-actions")
    content = json.loads(json.dumps(_keyed(yaml.safe_load(file.read_text()))))
    found = json.loads((SCHEMAS / f"{schema}.json").read_text())
    jsonschema.validators.validator_for(found)(found).validate(content)


def _keyed(content: Any) -> Any:
    return {"on" if key is True else key: value for key, value in content.items()}


GITLAB_JOBS = {name: job for name, job in yaml.safe_load(GITLAB.read_text()).items() if name.startswith("slipway:")}


def test_gitlab_has_the_same_jobs() -> None:
    on_github = {name.rpartition(" ")[2] for name, _ in JOBS} | {"rollback", "resume"}
    assert {name.removeprefix("slipway:") for name in GITLAB_JOBS} == on_github


def test_a_deployment_follows_a_good_rehearsal_and_the_way_back_needs_none() -> None:
    content = workflow("deploy")["jobs"]
    assert content["rehearsal"]["if"] == "github.event_name == 'push' || inputs.verb == 'deploy'"
    condition = content["deploy"]["if"]
    assert "(needs.rehearsal.result == 'success' || needs.rehearsal.result == 'skipped')" in condition
    assert "!cancelled()" in condition


def test_records_leave_a_run_encrypted_only_and_whatever_became_of_it() -> None:
    steps = workflow("deploy")["jobs"]["deploy"]["steps"]
    kept = {step["with"]["path"] for step in steps if step.get("uses", "").startswith("actions/cache/")}
    assert kept == {".slipway/records.sealed"}
    pack, save = steps[-2:]
    assert pack["run"].startswith("./slipway records pack .slipway/records.sealed ")
    assert pack["if"] == save["if"] == "always() && steps.records.outcome == 'success'"
    assert GITLAB_JOBS["slipway:deploy"]["cache"][1]["paths"] == [".slipway/records.sealed"]


def test_a_broken_policy_is_reported_by_one_job_and_fails_the_other() -> None:
    checks = [line for place, line in LINES if place == ".ci/pull-request" and "check" in line]
    assert checks == [f"./slipway check || test $? -eq {ExitCode.POLICIES.value}"]
    assert (ROOT / ".ci" / "run").read_text().endswith("\n./slipway check\n")


def test_drift_is_told_from_a_look_that_failed() -> None:
    looks = [line for _, line in LINES if line.startswith("./slipway drift ")]
    assert len(looks) == 2
    assert all(line.endswith(f" > drift.json || test $? -eq {ExitCode.DRIFT.value}") for line in looks)


@pytest.mark.parametrize("name", ["preview", "comment"])
def test_gitlab_gives_no_variables_to_forks(name: str) -> None:
    job = GITLAB_JOBS[f"slipway:{name}"]
    allowed = [rule["if"] for rule in job["rules"] if rule.get("when") != "never"]
    assert len(allowed) == 1
    assert "$CI_MERGE_REQUEST_SOURCE_PROJECT_ID == $CI_PROJECT_ID" in allowed[0]
    assert "$CI_MERGE_REQUEST_PROJECT_ID == $CI_PROJECT_ID" in allowed[0]
    assert job["environment"]["action"] == "access"


def test_gitlab_deploys_one_after_the_other_when_somebody_says_so() -> None:
    deploy = GITLAB_JOBS["slipway:deploy"]
    assert deploy["rules"][-1]["when"] == "manual"
    assert deploy["resource_group"] == "slipway-$STACK"
    assert deploy["interruptible"] is False
    assert "allow_failure" not in deploy
