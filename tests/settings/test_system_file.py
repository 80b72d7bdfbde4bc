"""System files: `extends`, and what a stack lays over them."""

from __future__ import annotations

import pytest

from settings.app_platform import AppPlatformApp
from tests.settings.samples import DIGITALOCEAN, FLY, Project


def _stack(project: Project, systems: str) -> None:
    project.stack(f"config:\n  slipway:environment: production\n  slipway:systems: {systems}\n")


def _app(project: Project, name: str) -> AppPlatformApp:
    app = project.load().systems[name].app
    assert isinstance(app, AppPlatformApp)
    return app


def test_the_stack_goes_before_the_file_and_a_file_before_what_it_extends(project: Project) -> None:
    project.system("lowest", DIGITALOCEAN)
    project.system("middle", "{extends: lowest, app: {port: 81, replicas: 3, variables: {A: a, B: b}}}")
    project.system("highest", "{extends: middle, app: {port: 82, variables: {B: c}}}")
    _stack(project, "{highest: {app: {port: 83}}}")
    app = _app(project, "highest")
    assert (app.port, app.replicas, app.size, app.variables) == (83, 3, "apps-s-1vcpu-1gb", {"A": "a", "B": "c"})


def test_a_list_is_replaced_whole_and_null_takes_away(project: Project) -> None:
    project.system("lowest", {**DIGITALOCEAN, "app": {**DIGITALOCEAN["app"], "variables": {"A": "a", "B": "b"}}})
    project.system("sample", "{extends: lowest, app: {variables: {A: null}}, monitoring: {regions: [us_east]}}")
    _stack(project, "{sample: {edge: null}}")
    system = project.load().systems["sample"]
    assert system.app.variables == {"B": "b"}
    assert system.edge is None
    assert system.monitoring
    assert system.monitoring.regions == ("us_east",)


def test_a_problem_stands_in_the_file_that_it_comes_from(project: Project) -> None:
    project.system("lowest", {**DIGITALOCEAN, "description": ""})
    project.system("sample", "extends: lowest\napp:\n  port: 0\n")
    _stack(project, "{sample: {app: {replicas: 0}}}")
    assert project.problems() == [
        "Pulumi.production.yaml:3:36: systems.sample.app.replicas: 0 is less than 1; choose 1 to 250",
        "systems/lowest.yaml:3:2: systems.sample.description: the text is empty; "
        'write it as in "A site in two replicas in Frankfurt"',
        "systems/sample.yaml:3:3: systems.sample.app.port: 0 is less than 1; choose 1 to 65535",
    ]


def test_a_fault_in_a_file_that_two_systems_extend_is_reported_once(project: Project) -> None:
    project.system("lowest", {**DIGITALOCEAN, "description": ""})
    project.system("one", "{extends: lowest, edge: null}")
    project.system("two", "{extends: lowest, edge: null, app: {name: two}}")
    _stack(project, "{one: {}, two: {}}")
    assert project.problems() == [
        "systems/lowest.yaml:3:2: systems.one.description: the text is empty; "
        'write it as in "A site in two replicas in Frankfurt"'
    ]


@pytest.mark.parametrize(
    ("files", "problem"),
    [
        (
            {"sample": "extends: sample"},
            "systems/sample.yaml:1:1: extends: systems extend each other in a circle: sample → sample; break it",
        ),
        (
            {"sample": "extends: b", "b": "extends: c", "c": "extends: b"},
            "systems/c.yaml:1:1: extends: systems extend each other in a circle: b → c → b; break it",
        ),
        (
            {"sample": "extends: lowst", "lowest": "{}"},
            'systems/sample.yaml:1:1: extends: there is no system file systems/lowst.yaml; did you mean "lowest"?',
        ),
        (
            {"sample": "extends: x"},
            "systems/sample.yaml:1:1: extends: there is no system file systems/x.yaml; create it",
        ),
        (
            {"sample": "extends: ../systems/lowest", "lowest": "{}"},
            'systems/sample.yaml:1:1: extends: there is no system file for "../systems/lowest"; known here: lowest',
        ),
        (
            {"sample": "extends: [a, b]"},
            "systems/sample.yaml:1:1: extends: must be the name of one system, not a list; "
            "name the one system to extend",
        ),
        ({"sample": ""}, "systems/sample.yaml:1:1: the file is empty; describe a system in it, see "
         "docs/configuration.md"),
        (
            {"sample": "[]"},
            "systems/sample.yaml:1:1: a system file must be a map of keys, not a list; see docs/configuration.md",
        ),
        (
            {"sampel": "{}"},
            "Pulumi.production.yaml:3:21: systems.sample: there is no system file systems/sample.yaml; "
            'did you mean "sampel"?',
        ),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_used_is_one_problem(project: Project, files: dict[str, str], problem: str) -> None:
    for name, text in files.items():
        project.system(name, text)
    _stack(project, "{sample: {}}")
    assert project.problems() == [problem]


@pytest.mark.parametrize(
    ("overlay", "problem"),
    [
        ("x", "must be a map of keys, not text; {} takes the system's file as it is"),
        ("null", "must be a map of keys, not null; {} takes the system's file as it is"),
        ("[]", "must be a map of keys, not a list; {} takes the system's file as it is"),
    ],
)
def test_what_is_laid_over_a_system_is_a_map(project: Project, overlay: str, problem: str) -> None:
    project.system("sample", DIGITALOCEAN)
    _stack(project, f"{{sample: {overlay}}}")
    assert project.problems() == [f"Pulumi.production.yaml:3:21: systems.sample: {problem}"]


def test_a_system_without_value_is_one_problem(project: Project) -> None:
    project.system("sample", DIGITALOCEAN)
    _stack(project, "\n    sample:")
    assert project.problems() == [
        "Pulumi.production.yaml:4:12: systems.sample: there is no value; "
        "write one; {} is an empty map, null takes a setting away"
    ]


@pytest.mark.parametrize("systems", ["[sample]", "sample", "3"])
def test_systems_are_a_map(project: Project, systems: str) -> None:
    project.system("sample", DIGITALOCEAN)
    _stack(project, systems)
    (problem,) = project.problems()
    assert problem.startswith("Pulumi.production.yaml:3:3: systems: ")
    assert "must be a map of keys, not" in problem


def test_a_system_that_cannot_be_read_hides_no_problem_of_another(project: Project) -> None:
    project.system("one", "{")
    project.system("two", {**FLY, "description": ""})
    _stack(project, "{one: {}, two: {}, three: {}}")
    files = [problem.partition(":")[0] for problem in project.problems()]
    assert files == ["Pulumi.production.yaml", "systems/one.yaml", "systems/two.yaml"]


def test_extends_belongs_into_system_files_only(project: Project) -> None:
    project.system("sample", DIGITALOCEAN)
    _stack(project, "{sample: {extends: other}}")
    (problem,) = project.problems()
    assert problem.startswith("Pulumi.production.yaml:3:30: systems.sample.extends: unknown key extends; ")
