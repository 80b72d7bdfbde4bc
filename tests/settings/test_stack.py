"""A stack of several systems: names, adopted apps and domains belong to one of them."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import SecretStr

from settings.document import Document
from settings.read import parse
from settings.stack import Stack
from tests.settings.samples import DIGITALOCEAN, FLY, stack_refusals


def _system(base: dict[str, Any], changes: str) -> Any:
    return Document(base).merged(parse(changes, "changes")).value


def test_systems_that_share_nothing_stand_side_by_side() -> None:
    other = "{app: {name: other}, edge: {domains: [{name: www.example.com, role: primary}]}}"
    assert stack_refusals({"one": DIGITALOCEAN, "two": _system(DIGITALOCEAN, other)}) == []


ADOPT = "adopt: ca96485c-ee6b-401b-b1a2-8442c3bc7f04"


@pytest.mark.parametrize(
    ("one", "two", "problem"),
    [
        (
            "{}",
            "edge: null",
            "systems.two.app.name: sample-app is the app of one, too; rename one of them",
        ),
        (
            "{}",
            "app: {name: other}",
            "systems.two.edge.domains: example.com is a domain of one, too; give it to one of them",
        ),
        (
            f"app: {{{ADOPT}}}",
            f"{{app: {{name: other, {ADOPT}}}, edge: null}}",
            "systems.two.app.adopt: ca96485c-ee6b-401b-b1a2-8442c3bc7f04 is the adopted app of one, too; "
            "adopt it in one system only",
        ),
    ],
)
def test_what_only_one_system_may_have_is_refused_to_the_second(one: str, two: str, problem: str) -> None:
    systems = {"one": _system(DIGITALOCEAN, one), "two": _system(DIGITALOCEAN, two)}
    assert stack_refusals(systems) == [problem]


def test_names_are_unique_across_platforms_as_well() -> None:
    assert stack_refusals({"one": FLY, "two": _system(DIGITALOCEAN, "{}")}) == [
        "systems.two.app.name: sample-app is the app of one, too; rename one of them"
    ]


@pytest.mark.parametrize("environment", ["production", "qa", "a23456789012345"])
def test_an_environment_is_a_short_word(environment: str) -> None:
    assert stack_refusals({"sample": DIGITALOCEAN}, environment) == []


@pytest.mark.parametrize("environment", ["q", "Production", "pre-production", "1st"])
def test_other_environments_are_refused(environment: str) -> None:
    assert stack_refusals({"sample": DIGITALOCEAN}, environment) == [
        f'environment: "{environment}" is not a name of 2 to 15 lower-case letters and digits, a letter first; '
        'write it as in "production"'
    ]


def test_an_environment_that_is_too_long_is_refused() -> None:
    assert stack_refusals({"sample": DIGITALOCEAN}, "a234567890123456") == [
        'environment: "a234567890123456" has 16 characters, more than 15; shorten it'
    ]


def test_a_stack_without_systems_is_refused() -> None:
    assert stack_refusals({}) == ["systems: it is empty; write at least 1 entry"]


def test_a_system_has_a_short_name() -> None:
    assert stack_refusals({"Sample_1": DIGITALOCEAN}) == [
        'systems.Sample_1: "Sample_1" is not the name of a system: 2 to 32 lower-case letters, digits and hyphens, a '
        'letter first and no hyphen last; write it as in "tetrix"'
    ]


def test_a_stack_does_not_show_its_secrets() -> None:
    stack = Stack("production", "production", {}, {"sample": {"A": SecretStr("hunter2")}})
    assert "hunter2" not in repr(stack) + str(stack) + f"{stack.secrets}"
    assert stack.secrets["sample"]["A"].get_secret_value() == "hunter2"
