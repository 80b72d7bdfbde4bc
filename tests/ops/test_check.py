"""`check`: all problems of all stacks at once, for people and for programs."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from ops.check import check_live, check_stacks
from ops.errors import OperationError
from ops.exit_code import ExitCode
from ops.holder import this_process
from ops.journal import Journal
from ops.policies import audit_live
from ops.surroundings import Surroundings
from policies.drill import FILE
from policies.samples.fly import fly_app, fly_volume
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
    assert list(check_stacks(stacks.root, "staging", as_json=False))[:3] == [
        "staging: valid (sample)",
        "  before the first `pulumi up -s staging`, set this secret:",
        "    pulumi config set --stack staging --secret --path 'slipway:secrets.sample.DATABASE_URL'",
    ]


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
    told = json.loads(line)
    policies = [stack.pop("policies") for stack in told["stacks"]]
    assert told == {
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
    assert [found["failed"] for found in policies] == [False, False]


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


POLICIES = "  slipway:policies:\n"
WAIVER = "    waivers: [{{rule: {rule}, resource: {resource}, reason: a test, expires: '{expires}'}}]\n"


def policies(stacks: Project, text: str) -> None:
    """One instance in production, which the policy two-instances does not let pass, and what is said about that."""
    one = {**DIGITALOCEAN, "app": {**DIGITALOCEAN["app"], "replicas": 1}}
    stacks.system("sample", one)
    stacks.stack(STACK.format(environment="production") + text, "production")


def refusal(stacks: Project) -> OperationError:
    with pytest.raises(OperationError) as raised:
        list(check_stacks(stacks.root, "production", as_json=False))
    return raised.value


def test_a_finding_that_counts_ends_the_check_with_a_code_of_its_own(stacks: Project) -> None:
    policies(stacks, "")
    lines: list[str] = []
    with pytest.raises(OperationError) as raised:
        lines.extend(check_stacks(stacks.root, "production", as_json=False))
    assert raised.value.exit_code is ExitCode.POLICIES
    assert str(raised.value) == (
        "the policies are not kept (production: 1 finding); mend what is marked ✗, or waive it for a time in "
        "slipway:policies"
    )


def test_each_finding_comes_with_its_remedy(stacks: Project) -> None:
    policies(stacks, POLICIES + "    levels: {two-instances: advisory}\n")
    lines = list(check_stacks(stacks.root, "production", as_json=False))
    place = lines.index("    ! two-instances: sample-app: it can come down to 1 instance, fewer than 2")
    assert lines[place + 1] == "        set app.replicas (or app.autoscaling.minimum) to 2 or more"


def test_a_waiver_holds_to_its_last_day(stacks: Project) -> None:
    policies(stacks, POLICIES + WAIVER.format(rule="two-instances", resource="sample-app", expires="2999-12-31"))
    assert "        waived: a test (until 2999-12-31)" in check_stacks(stacks.root, "production", as_json=False)


def test_a_waiver_that_has_ended_fails_beside_what_it_was_for(stacks: Project) -> None:
    policies(stacks, POLICIES + WAIVER.format(rule="two-instances", resource="sample-app", expires="2026-01-31"))
    assert refusal(stacks).exit_code is ExitCode.POLICIES
    assert "production: 2 findings" in str(refusal(stacks))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            WAIVER.format(rule="two-instance", resource="sample-app", expires="2999-12-31"),
            "Pulumi.production.yaml:5:16: policies.waivers[0].rule: two-instance is no policy; did you mean "
            '"two-instances"?',
        ),
        (
            WAIVER.format(rule="two-instances", resource="simple-app", expires="2999-12-31"),
            "Pulumi.production.yaml:5:37: policies.waivers[0].resource: the stack production has no simple-app that a "
            'finding could be about; did you mean "sample-app"?',
        ),
        (
            WAIVER.format(rule="two-instances", resource="sample-app", expires="2026-02-30"),
            'Pulumi.production.yaml:5:75: policies.waivers[0].expires: "2026-02-30" is not a day of the calendar; '
            "write it as in 2027-03-31",
        ),
        (
            "    levels: {two-instance: off}\n",
            "Pulumi.production.yaml:5:14: policies.levels.two-instance: two-instance is no policy; did you mean "
            '"two-instances"?',
        ),
        (
            "    levels: {two-instances: never}\n",
            'Pulumi.production.yaml:5:14: policies.levels.two-instances: "never" is not one of mandatory, advisory, '
            "off; use one of them",
        ),
    ],
)
def test_what_is_said_about_no_policy_or_no_thing_is_refused(stacks: Project, text: str, message: str) -> None:
    policies(stacks, POLICIES + text)
    assert refusal(stacks).exit_code is ExitCode.SETTINGS
    assert str(refusal(stacks)) == f"1 problem in the settings:\n  {message}"


def place(stacks: Project, tmp_path: Path, **volume: Any) -> Surroundings:
    """Where a stack of an app with a volume is deployed."""
    resources = [*fly_app({"env": {"PORT": "8080"}}), *fly_volume(**volume)]
    state = {
        "resources": [
            {
                "urn": found.urn,
                "type": found.type,
                "parent": found.parent,
                "outputs": json.loads(json.dumps(found.properties, default=lambda _: "[secret]")),
                "protect": found.protect,
            }
            for found in resources
        ]
    }
    engine = SimpleNamespace(state=lambda: state)
    records = tmp_path / "records"
    records.mkdir()
    found: Any = SimpleNamespace(
        root=stacks.root, stack=stacks.load("production"), engine=lambda: engine, records=records
    )
    return found


def test_what_is_live_is_held_to_the_policies_of_the_stack(stacks: Project, tmp_path: Path) -> None:
    live = check_live(place(stacks, tmp_path, snapshotRetentionDays=1), as_json=False)
    lines: list[str] = []
    with pytest.raises(OperationError) as raised:
        lines.extend(live)
    assert raised.value.exit_code is ExitCode.POLICIES
    assert lines[0] == "production: as its state says, which `pulumi refresh` brings up to date"
    assert "    ✗ volume-snapshots: shop-volume: snapshots are kept for 1 days, fewer than 5" in lines


def test_programs_are_told_what_is_live(stacks: Project, tmp_path: Path) -> None:
    policies(stacks, POLICIES + "    levels: {uptime-checked: off}\n")
    where = place(stacks, tmp_path)
    (where.records / FILE).write_text("[]")
    (line,) = check_live(where, as_json=True)
    told = json.loads(line)
    found = {(finding["rule"], finding["resource"]) for finding in told["policies"]["findings"]}
    assert told["stack"] == "production"
    assert ("restore-tried", "shop") in found


def test_only_where_something_was_tried_or_done_is_a_missing_drill_a_finding(stacks: Project, tmp_path: Path) -> None:
    where = place(stacks, tmp_path)

    def missing() -> bool:
        return any(finding.rule == "restore-tried" for finding in audit_live(where).findings)

    Journal(where.records).deployments()
    assert not missing()
    Journal(where.records).begin("deploy", target=None, commit="", holder=this_process())
    assert missing()


def test_a_record_of_drills_that_is_none_ends_it_with_its_name(stacks: Project, tmp_path: Path) -> None:
    where = place(stacks, tmp_path)
    (where.records / FILE).write_text("{")
    with pytest.raises(OperationError, match="is not a record of drills") as raised:
        list(check_live(where, as_json=False))
    assert raised.value.exit_code is ExitCode.SETTINGS
