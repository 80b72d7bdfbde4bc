"""Stack files: which keys are this project's, and what is said about the others."""

from __future__ import annotations

import pytest

from tests.settings.samples import DIGITALOCEAN, Project

CONFIG = "config:\n  slipway:environment: production\n  slipway:systems:\n    sample: {}\n"


@pytest.fixture(autouse=True)
def sample(project: Project) -> None:
    project.system("sample", DIGITALOCEAN)


def test_a_stack_file_selects_environment_and_systems(project: Project) -> None:
    project.stack(CONFIG)
    stack = project.load()
    assert (stack.name, stack.environment, list(stack.systems)) == ("production", "production", ["sample"])


def test_config_of_other_programs_and_pulumis_own_keys_are_left_alone(project: Project) -> None:
    own = "secretsprovider: passphrase\nencryptionsalt: v1:x\nencryptedkey: x\nenvironment: [base]\n"
    project.stack(f"{own}{CONFIG}  aws:region: us-west-1\n  other:systems: {{a: 1}}\n")
    assert project.problems() == []


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("  environment: x\n", '5:3: config.environment: unknown key environment; did you mean "slipway:environment"?'),
        (
            "  slipway:sistems: {}\n",
            '5:3: config.slipway:sistems: unknown key slipway:sistems; did you mean "slipway:systems"?',
        ),
        (
            "  slipway:x: {}\n",
            "5:3: config.slipway:x: unknown key slipway:x; "
            "known here: slipway:environment, slipway:systems, slipway:policies, slipway:secrets",
        ),
        ("confg: {}\n", '5:1: confg: unknown key confg; did you mean "config"?'),
    ],
)
def test_keys_that_are_nobodys_are_refused(project: Project, line: str, problem: str) -> None:
    project.stack(CONFIG + line)
    assert project.problems() == [f"Pulumi.production.yaml:{problem}"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "1:1: must be a map of keys, not empty; see docs/configuration.md"),
        ("[]", "1:1: must be a map of keys, not a list; see docs/configuration.md"),
        ("config: x", "1:1: config: must be a map of keys, not text; see docs/configuration.md"),
    ],
)
def test_a_stack_file_is_a_map(project: Project, text: str, problem: str) -> None:
    project.stack(text)
    assert project.problems() == [f"Pulumi.production.yaml:{problem}"]


@pytest.mark.parametrize("text", ["{}", "config: {}", "encryptionsalt: v1:x"])
def test_a_stack_file_without_settings_lacks_them(project: Project, text: str) -> None:
    project.stack(text)
    assert project.problems() == [
        "Pulumi.production.yaml:1:1: environment: environment is required; add it, such as environment: production",
        "Pulumi.production.yaml:1:1: systems: systems is required; add it, see docs/configuration.md",
    ]


def test_a_missing_stack_is_told_from_a_misspelt_one(project: Project) -> None:
    project.stack(CONFIG)
    project.stack(CONFIG, "staging")
    assert project.problems("prodcution") == [
        'Pulumi.prodcution.yaml:1:1: there is no stack file for "prodcution"; did you mean "production"?'
    ]
    assert project.problems("x") == [
        'Pulumi.x.yaml:1:1: there is no stack file for "x"; known here: production, staging'
    ]


def test_another_file_can_be_read_in_place_of_the_stack_file(project: Project) -> None:
    project.write("other.yaml", CONFIG.replace("production", "preview"))
    assert project.load("rehearsal", stack_file=project.root / "other.yaml").environment == "preview"


def test_a_value_that_stands_twice_is_reported_with_the_path_of_the_setting(project: Project) -> None:
    project.stack(CONFIG.replace("{}", "{app: {port: 1, port: 2}}") + "  aws:region: a\n  aws:region: b\n")
    assert project.problems() == [
        'Pulumi.production.yaml:4:29: systems.sample.app.port: the key "port" stands here twice; keep one of the two',
        'Pulumi.production.yaml:6:3: config.aws:region: the key "aws:region" stands here twice; keep one of the two',
    ]


def test_the_stacks_of_a_project_are_those_with_a_file(project: Project) -> None:
    from settings.load import stack_names

    project.stack(CONFIG, "staging")
    project.stack(CONFIG)
    project.write("Pulumi.yaml", "name: x")
    assert stack_names(project.root) == ["production", "staging"]
