"""Loading a stack: secrets, and all problems of all files at once."""

from __future__ import annotations

import traceback
from pathlib import Path
from typing import Any

import pytest

from settings.load import load, stack_names
from settings.problem import SettingsError
from tests.settings.samples import DIGITALOCEAN, FLY, Project

ROOT = Path(__file__).parents[2]
CONFIG = "config:\n  slipway:environment: production\n  slipway:systems:\n    sample: {}\n"
WITH_SECRETS = {**DIGITALOCEAN, "app": {**DIGITALOCEAN["app"], "secrets": {"B": {}, "A": {}}}}
COMMAND = "pulumi config set --stack production --secret --path 'slipway:secrets.sample.{}'"


@pytest.fixture(autouse=True)
def sample(project: Project) -> None:
    project.system("sample", WITH_SECRETS)
    project.stack(CONFIG)


def given(**secrets: Any) -> dict[str, Any]:
    """Config as the engine gives it."""
    return {"environment": "production", "systems": {"sample": {}}, "secrets": {"sample": secrets}}


@pytest.mark.parametrize("stack", stack_names(ROOT))
def test_the_stacks_of_this_project_are_valid(stack: str) -> None:
    assert load(ROOT, stack).name == stack


def test_without_the_engine_missing_secrets_are_only_named(project: Project) -> None:
    assert project.load().missing_secrets == (("sample", "A"), ("sample", "B"))
    project.stack(f"{CONFIG}  slipway:secrets:\n    sample:\n      A:\n        secure: v1:x\n")
    assert project.load().missing_secrets == (("sample", "B"),)
    assert project.load().secrets == {}


def test_with_the_engine_missing_secrets_are_listed_with_their_commands(project: Project) -> None:
    assert project.problems(config={"environment": "production", "systems": {"sample": {}}}) == [
        f"Pulumi.production.yaml:1:1: secrets.sample.A: the secret has no value; run: {COMMAND.format('A')}",
        f"Pulumi.production.yaml:1:1: secrets.sample.B: the secret has no value; run: {COMMAND.format('B')}",
    ]


def test_secrets_come_as_a_type_that_hides_them(project: Project) -> None:
    stack = project.load(config=given(A="hunter2", B="hunter3"))
    assert stack.missing_secrets == ()
    assert stack.secrets["sample"]["A"].get_secret_value() == "hunter2"
    assert "hunter" not in f"{stack} {stack!r} {stack.secrets}"


@pytest.mark.parametrize(("value", "text"), [({"a": 1}, '{"a": 1}'), (12, "12"), (True, "true")])
def test_what_is_not_text_is_taken_as_json(project: Project, value: object, text: str) -> None:
    assert project.load(config=given(A=value, B="b")).secrets["sample"]["A"].get_secret_value() == text


def test_null_is_no_secret(project: Project) -> None:
    assert project.problems(config=given(A=None, B="b")) == [
        f"Pulumi.production.yaml:1:1: secrets.sample.A: the secret has no value; run: {COMMAND.format('A')}"
    ]


def test_an_environment_variable_goes_before_the_stack_file(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLIPWAY_SECRET_SAMPLE_A", "from outside")
    secrets = project.load(config=given(A="a", B="b")).secrets["sample"]
    assert {name: value.get_secret_value() for name, value in secrets.items()} == {"A": "from outside", "B": "b"}


def test_a_wrong_value_from_the_environment_is_placed_there(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLIPWAY_SECRET_SAMPLE_A", "changeme")
    assert project.problems(config=given(B="b")) == [
        "$SLIPWAY_SECRET_SAMPLE_A:1:1: secrets.sample.A: the value is a placeholder; set the real one"
    ]


def test_wrong_values_are_refused_without_being_shown(project: Project) -> None:
    project.stack(f"{CONFIG}  slipway:secrets:\n    sample:\n      A: {{secure: v1:x}}\n      B: {{secure: v1:y}}\n")
    problems = project.problems(config=given(A="hunter2\0", B="x" * 70_000))
    assert problems == [
        "Pulumi.production.yaml:7:7: secrets.sample.A: the value holds a NUL character, which no platform accepts; "
        "encode it, for example as base64",
        "Pulumi.production.yaml:8:7: secrets.sample.B: the value is longer than 64 KiB; "
        "keep large data in a file or an object store",
    ]


@pytest.mark.parametrize("value", ["hunter2", "{secure: 5}", "{secure: v1:x, more: hunter2}", "[hunter2]", "1234"])
@pytest.mark.parametrize("config", [None, given(A="a", B="b")])
def test_a_secret_in_plain_text_is_refused_and_not_repeated(
    project: Project, value: str, config: dict[str, Any] | None
) -> None:
    project.stack(f"{CONFIG}  slipway:secrets:\n    sample:\n      A: {value}\n      B: {{secure: v1:y}}\n")
    assert project.problems(config=config) == [
        "Pulumi.production.yaml:7:7: secrets.sample.A: a secret in plain text; "
        f"change it at its source, then run: {COMMAND.format('A')}"
    ]


@pytest.mark.parametrize(
    ("secrets", "place"),
    [
        ("{secure: v1:x}", "5:3: secrets"),
        ("[a]", "5:3: secrets"),
        ("{sample: {secure: v1:x}}", "5:21: secrets.sample"),
        ("{sample: [a]}", "5:21: secrets.sample"),
    ],
)
def test_secrets_are_encrypted_one_by_one(project: Project, secrets: str, place: str) -> None:
    project.stack(f"{CONFIG}  slipway:secrets: {secrets}\n")
    assert project.problems() == [
        f"Pulumi.production.yaml:{place}: must be a map in which each secret is encrypted by itself; "
        "run: pulumi config set --stack production --secret --path 'slipway:secrets.SYSTEM.NAME'"
    ]


def test_secrets_that_nobody_needs_are_refused(project: Project) -> None:
    project.stack(
        f"{CONFIG}  slipway:secrets:\n    sampel: {{A: {{secure: x}}}}\n    sample:\n      AA: {{secure: x}}\n"
    )
    assert project.problems() == [
        'Pulumi.production.yaml:6:5: secrets.sampel: no system sampel in this stack; did you mean "sample"?',
        'Pulumi.production.yaml:8:7: secrets.sample.AA: no part of the system uses it; did you mean "A"?',
    ]


def test_a_secret_of_a_system_without_any_is_to_be_removed(project: Project) -> None:
    project.system("sample", DIGITALOCEAN)
    project.stack(f"{CONFIG}  slipway:secrets:\n    sample:\n      A: {{secure: x}}\n")
    assert project.problems() == [
        "Pulumi.production.yaml:7:7: secrets.sample.A: no part of the system uses it; remove it"
    ]


def test_missing_secrets_and_wrong_settings_are_reported_together(project: Project) -> None:
    project.stack(CONFIG.replace("sample: {}", "sample: {app: {port: 0}}"))
    config = {**given(B="b"), "systems": {"sample": {"app": {"port": 0}}}}
    assert project.problems(config=config) == [
        f"Pulumi.production.yaml:1:1: secrets.sample.A: the secret has no value; run: {COMMAND.format('A')}",
        "Pulumi.production.yaml:4:20: systems.sample.app.port: 0 is less than 1; choose 1 to 65535",
    ]


def test_a_secret_that_only_a_wrong_setting_asks_for_is_not_missed(project: Project) -> None:
    slack = {"notify": {"slack": {"channel": "#a", "webhook_secret": "not-a-name"}}}
    project.system("sample", {**DIGITALOCEAN, "monitoring": {**DIGITALOCEAN["monitoring"], **slack}})
    (problem,) = project.problems(config=given())
    assert "systems.sample.monitoring.notify.slack.webhook_secret" in problem


def test_which_secrets_a_wrong_system_uses_is_left_open(project: Project) -> None:
    project.system("sample", {**WITH_SECRETS, "app": {**WITH_SECRETS["app"], "secrets": {"A": {}, "9B": {}}}})
    project.stack(f"{CONFIG}  slipway:secrets:\n    sample:\n      A: {{secure: x}}\n      9B: {{secure: x}}\n")
    (problem,) = project.problems()
    assert problem.startswith("systems/sample.yaml:21:4: systems.sample.app.secrets.9B: ")


def test_secrets_of_alerts_and_of_the_proxy_are_needed_too(project: Project) -> None:
    system = {
        **WITH_SECRETS,
        "edge": {**DIGITALOCEAN["edge"], "mode": "cloudflare"},
        "monitoring": {**DIGITALOCEAN["monitoring"], "notify": {"slack": {"channel": "#a"}}},
    }
    project.system("sample", system)
    names = [name for _, name in project.load().missing_secrets]
    assert names == ["A", "B", "EDGE_ORIGIN_SECRET", "SLACK_WEBHOOK_URL"]


def test_a_secret_kept_in_aws_needs_no_value_here(project: Project) -> None:
    secrets = {"A": {"aws": {"id": "x", "region": "us-west-1"}}, "B": {}}
    project.system("sample", {**FLY, "app": {**FLY["app"], "secrets": secrets}})
    assert project.load().missing_secrets == (("sample", "B"),)


def test_a_secret_written_where_its_name_belongs_is_not_repeated(project: Project) -> None:
    secrets = {"A": "hunter2", "B": {"value": "hunter3"}, "C": {"scope": "hunter4"}, "D": ["hunter5"]}
    project.system("sample", {**WITH_SECRETS, "app": {**WITH_SECRETS["app"], "secrets": secrets}})
    problems = project.problems()
    assert len(problems) == 4
    assert "hunter" not in str(problems)


def test_nothing_secret_is_in_the_traceback_of_an_error(project: Project) -> None:
    project.stack(f"{CONFIG}  slipway:secrets:\n    sample: {{A: hunter2, B: [hunter2}}\n")
    with pytest.raises(SettingsError) as caught:
        project.load(config=given(A="hunter2\0", B="hunter2"))
    assert "hunter2" not in "".join(traceback.format_exception(caught.value, chain=True)).replace('"hunter2', "")


def test_problems_of_all_files_are_reported_at_once_in_their_order(project: Project) -> None:
    project.system("sample", "extends: base\napp:\n  port: 0\n  nmae: x\n")
    project.system("base", {**WITH_SECRETS, "platform": "digitalocean", "description": ""})
    project.stack(
        "config:\n"
        "  slipway:environment: Production\n"
        "  slipway:systems:\n"
        "    sample: {app: {replicas: 0}}\n"
        "    gone: {}\n"
        "  slipway:secrets: {sample: {A: hunter2}}\n"
    )
    assert [problem.partition(": ")[0] for problem in project.problems()] == [
        "Pulumi.production.yaml:2:3",
        "Pulumi.production.yaml:4:20",
        "Pulumi.production.yaml:5:5",
        "Pulumi.production.yaml:6:30",
        "systems/base.yaml:3:2",
        "systems/sample.yaml:3:3",
        "systems/sample.yaml:4:3",
    ]


def test_values_of_the_engine_go_before_those_of_the_file(project: Project) -> None:
    config = {"environment": "other", "systems": {"sample": {"app": {"port": 81, "secrets": None}}}}
    stack = project.load(config=config)
    assert (stack.environment, stack.systems["sample"].app.port) == ("other", 81)
