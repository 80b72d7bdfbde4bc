"""`check`: all problems of all stacks at once, for people and for programs."""

from __future__ import annotations

import json

import pytest

from ops.check import check_stacks
from ops.errors import OperationError
from ops.exit_code import ExitCode
from tests.settings.samples import DIGITALOCEAN, Project

STACK = "config:\n  slipway:environment: {environment}\n  slipway:systems: {{sample: {{}}}}\n"


@pytest.fixture
def stacks(project: Project) -> Project:
    """Two stacks of one system that has a secret without a value."""
    project.system("sample", {**DIGITALOCEAN, "app": {**DIGITALOCEAN["app"], "secrets": {"DATABASE_URL": {}}}})
    project.stack(STACK.format(environment="production"), "production")
    project.stack(STACK.format(environment="staging"), "staging")
    return project


def test_valid_stacks_are_listed_with_the_commands_that_set_their_secrets(stacks: Project) -> None:
    assert "\n".join(check_stacks(stacks.root, "staging", as_json=False)) == (
        "staging: valid (sample)\n"
        "  before the first `pulumi up -s staging`, set this secret:\n"
        "    pulumi config set --stack staging --secret --path 'slipway:secrets.sample.DATABASE_URL'"
    )


def test_without_a_stack_all_are_checked(stacks: Project) -> None:
    lines = list(check_stacks(stacks.root, None, as_json=False))
    assert [line for line in lines if "valid" in line] == ["production: valid (sample)", "staging: valid (sample)"]


def test_the_problems_of_all_stacks_come_together_and_each_once(stacks: Project) -> None:
    stacks.system("sample", {**DIGITALOCEAN, "helth": {}})
    stacks.stack(STACK.format(environment="Staging!"), "staging")
    with pytest.raises(OperationError) as raised:
        list(check_stacks(stacks.root, None, as_json=False))
    message = str(raised.value)
    assert raised.value.exit_code is ExitCode.SETTINGS
    assert message.startswith("2 problems in the settings:\n")
    assert message.count("unknown key helth") == 1
    assert "Pulumi.staging.yaml:2:" in message


def test_json_says_the_same_to_programs(stacks: Project) -> None:
    (line,) = check_stacks(stacks.root, None, as_json=True)
    assert json.loads(line) == {
        "stacks": [
            {
                "stack": name,
                "environment": name,
                "systems": ["sample"],
                "missing_secrets": ["sample.DATABASE_URL"],
            }
            for name in ("production", "staging")
        ],
        "problems": [],
    }


def test_json_holds_each_problem_with_its_place_and_way_out(stacks: Project) -> None:
    stacks.stack("config:\n  slipway:environment: staging\n  slipway:systems: {smaple: {}}\n", "staging")
    lines = check_stacks(stacks.root, "staging", as_json=True)
    told = json.loads(next(lines))
    with pytest.raises(OperationError) as raised:
        next(lines)
    assert raised.value.exit_code is ExitCode.SETTINGS
    assert told["stacks"] == []
    (problem,) = told["problems"]
    assert (problem["file"], problem["line"], problem["path"]) == ("Pulumi.staging.yaml", 3, "systems.smaple")
    assert problem.keys() == {"file", "line", "column", "path", "rule", "way_out"}


def test_a_stack_that_is_not_there_is_a_problem_with_a_way_out(stacks: Project) -> None:
    with pytest.raises(OperationError) as raised:
        list(check_stacks(stacks.root, "stagin", as_json=False))
    assert raised.value.exit_code is ExitCode.SETTINGS
    assert "stagin" in str(raised.value)
