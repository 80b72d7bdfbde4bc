"""The program as `pulumi up` runs it, from the project's own stack files."""

from __future__ import annotations

import functools
import gc
import json
import runpy
import threading
from collections.abc import Iterator
from typing import Any

import pulumi
import pytest
import yaml
from syrupy.assertion import SnapshotAssertion

from components.deployed import OUTPUT
from settings.secret import environment_name, made_up
from settings.stack import NAMESPACE
from tests.planted import plain_finds
from tests.stacks import loaded
from tests.strict_engine import Registered, StrictEngine, resource_id
from tests.tetrix import ADOPTED, LIVE, ROOT

STACKS = ["production", "staging", "performance"]
PHYSICAL = (("name",), ("spec", "name"), ("scriptName",), ("pattern",))
"""Where resources have the name that the cloud knows them by."""


@pytest.fixture(autouse=True, scope="module")
def secrets() -> Iterator[None]:
    """A value in the environment for every secret of every stack."""
    with pytest.MonkeyPatch.context() as environment:
        for stack in STACKS:
            for system, name in loaded(stack).missing_secrets:
                environment.setenv(environment_name(system, name), made_up(name, f"planted-{name}"))
        # A program that ends soon needs no look for cycles; the tests after it do.
        environment.setattr(gc, "disable", lambda: None)
        environment.setattr(gc, "freeze", lambda: None)
        yield


def config(stack: str) -> dict[str, str]:
    """The stack file's values as the engine hands them to a program."""
    values = yaml.safe_load((ROOT / f"Pulumi.{stack}.yaml").read_text())["config"]
    return {key: value if isinstance(value, str) else json.dumps(value) for key, value in values.items()}


def run(stack: str, *, preview: bool = False, after: StrictEngine | None = None, **changes: str) -> StrictEngine:
    engine = StrictEngine(stack=stack, preview=preview, live=LIVE)
    if after:
        engine.follow(after)
    return engine.run(lambda: runpy.run_path(str(ROOT / "__main__.py"), run_name="__main__"), config(stack) | changes)


@functools.cache
def ran(stack: str, number: int = 1, *, preview: bool = False) -> StrictEngine:
    """The first, second or third run of a stack; as a preview, the runs before it were none."""
    return run(stack, preview=preview, after=ran(stack, number - 1) if number > 1 else None)


@pytest.mark.parametrize("stack", STACKS)
def test_names_are_pinned(stack: str, snapshot: SnapshotAssertion) -> None:
    """A changed logical name deletes and creates the resource, a changed physical one renames or replaces it."""
    assert "\n".join(sorted(line(resource) for resource in ran(stack))) == snapshot


@pytest.mark.thorough
@pytest.mark.parametrize("stack", STACKS)
def test_a_preview_plans_what_an_update_does(stack: str) -> None:
    assert sorted(ran(stack).registered) == sorted(ran(stack, preview=True).registered)
    assert asked(ran(stack, 3, preview=True)) == asked(ran(stack, 3))


@pytest.mark.parametrize(
    "stack", ["production", *(pytest.param(name, marks=pytest.mark.thorough) for name in STACKS[1:])]
)
def test_a_second_run_asks_for_the_same_and_ignores_what_cannot_be_read_back(stack: str) -> None:
    third = ran(stack, 3)
    assert asked(ran(stack)) == asked(ran(stack, 2)) == asked(third)
    on_app_platform = [app for app in third.of("App") if "spec" in app.inputs]
    assert on_app_platform
    assert all("spec.envs" in app.ignore_changes for app in on_app_platform)
    assert {entry["settled"] for entry in third.exports[OUTPUT].values()} == {True}


def test_production_adopts_its_app_and_then_applies_its_settings() -> None:
    first, second = ran("production"), ran("production", 2)
    assert [
        (app.import_id, app.protect, app.ignore_changes)
        for app in (first.named("tetrix-app"), second.named("tetrix-app"))
    ] == [
        (ADOPTED, True, ("spec",)),
        ("", True, ()),
    ]


def test_staging_creates_its_own_app() -> None:
    app = ran("staging").named("tetrix-app")
    assert (app.import_id, app.protect, app.inputs["spec"]["name"]) == ("", False, "tetrix-minimal-staging")


@pytest.mark.parametrize("stack", STACKS)
def test_each_system_is_exported_under_its_name(stack: str) -> None:
    exports = ran(stack).exports
    assert exports.keys() == {*loaded(stack).systems, OUTPUT}
    assert exports[OUTPUT].keys() >= loaded(stack).systems.keys()


def test_people_are_told_where_things_are() -> None:
    assert ran("staging").exports["tetrix"] == {
        "appId": resource_id("tetrix-app"),
        "liveUrl": "https://tetrix-app-abcde.ondigitalocean.app",
        "url": "https://staging.tetrixcorp.com",
        "domains": ["staging.tetrixcorp.com"],
        "healthUrl": "https://staging.tetrixcorp.com/api/health",
    }


@pytest.mark.parametrize("stack", STACKS)
def test_no_export_and_no_plain_input_holds_a_secret(stack: str, preview: bool) -> None:
    engine = ran(stack, preview=preview)
    assert "planted" not in str(engine.exports)
    assert [found for resource in engine for found in plain_finds(resource.inputs, resource.secrets)] == []


def test_wrong_settings_end_with_one_message_and_nothing_registered() -> None:
    engine = StrictEngine(stack="staging")
    wrong = {f"{NAMESPACE}:environment": "Staging!"}
    with pytest.raises(pulumi.RunError) as raised:
        engine.run(lambda: runpy.run_path(str(ROOT / "__main__.py"), run_name="__main__"), config("staging") | wrong)
    assert str(raised.value).startswith("1 problem in the settings:\n  Pulumi.staging.yaml:")
    assert list(engine) == []


def test_adopting_a_second_app_ends_with_one_message() -> None:
    first = ran("staging")
    systems = json.loads(config("staging")[f"{NAMESPACE}:systems"])
    systems["tetrix"]["app"]["adopt"] = ADOPTED
    with pytest.raises(pulumi.RunError) as raised:
        run("staging", after=first, **{f"{NAMESPACE}:systems": json.dumps(systems)})
    assert str(raised.value) == (
        f"app.adopt names {ADOPTED}, but this stack runs the app {resource_id('tetrix-app')} already; remove app.adopt "
        "to keep that one, or take it out of the stack first (see pulumi state delete --help)"
    )


@pytest.mark.parametrize("stack", STACKS)
def test_the_provider_of_fly_starts_beside_a_program_that_has_apps_there(stack: str) -> None:
    assert [wakes(stack, number) for number in (1, 2)] == [0, 1]


def test_without_apps_on_fly_their_provider_is_not_started() -> None:
    only = {f"{NAMESPACE}:systems": json.dumps({"tetrix": {}})}
    second = run("staging", after=run("staging", **only), **only)
    assert [token for token, _ in second.calls if token.startswith("fly:")] == []


def wakes(stack: str, number: int) -> int:
    engine = ran(stack, number)
    for thread in threading.enumerate():
        if thread.name == "fly-wake":
            thread.join(5)
    return engine.calls.count(("fly:index:wake", {}))


def asked(engine: StrictEngine) -> dict[str, Any]:
    """The inputs of all resources whose changes count."""
    return {found.urn: found.inputs for found in engine if "input" not in found.ignore_changes}


def line(resource: Registered) -> str:
    """`type  logical name  physical name`, the type with those of its components."""
    physical = next((found for path in PHYSICAL if (found := at(resource.inputs, path))), "-")
    return f"{resource.urn.split('::')[2]}  {resource.name}  {physical}"


def at(value: Any, path: tuple[str, ...]) -> Any:
    for part in path:
        value = value.get(part) if isinstance(value, dict) else None
    return value
