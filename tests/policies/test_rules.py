"""Each rule lets pass, finds and leaves undecided what its samples say, and says itself what people need to know."""

from __future__ import annotations

import re
from typing import get_args

import pytest
from pydantic import BaseModel

from policies.change import Change
from policies.names import policy_names
from policies.registry import registry
from policies.waivers import ABOUT_CHANGES
from settings.digitalocean_system import DigitalOceanSystem
from settings.fly_system import FlySystem
from tests.policies.judged import ALL, wrong
from tests.tetrix import ROOT

KNOWN_AT_ONCE = {"data-kept", "waivers-hold"}
"""Rules that look at nothing which could be unknown."""


@pytest.mark.parametrize("name", registry())
def test_samples_are_judged_as_their_rule_says(name: str) -> None:
    mine = {label: entry for label, entry in ALL.items() if entry[0].name == name}
    kinds = {kind for _, kind, _ in mine.values()}
    assert kinds == {"passes", "fails"} | ({"unknown"} if name not in KNOWN_AT_ONCE else set())
    assert {label: said for label, entry in mine.items() if (said := wrong(*entry))} == {}


def test_files_and_registry_agree() -> None:
    files = {file.stem.replace("_", "-") for file in (ROOT / "policies/rules").glob("*.py")} - {"--init--"}
    assert files == set(policy_names()) == set(registry())
    assert {name: rule.name for name, rule in registry().items()} == {name: name for name in files}


def test_rules_about_changes_are_known_without_loading_them() -> None:
    assert {name for name, rule in registry().items() if rule.about is Change} == ABOUT_CHANGES


@pytest.mark.parametrize("name", registry())
def test_a_rule_says_why_and_what_to_do(name: str) -> None:
    rule = registry()[name]
    assert re.fullmatch(r"[A-Z].+[^.]\.", rule.title)
    assert re.fullmatch(r"[A-Z].+\.", rule.why)
    assert re.fullmatch(r"[a-z].+[^.]", rule.remedy)
    assert rule.source.startswith("docs/") or re.search(r"20\d\d-\d\d", rule.source)
    assert rule.production != "off"


@pytest.mark.parametrize("name", registry())
def test_the_settings_that_a_remedy_names_exist(name: str) -> None:
    named = re.findall(r"\b(?:app|edge|database|redis|pgbouncer|monitoring)(?:\.[a-z_]+)+", registry()[name].remedy)
    unknown = [
        path for path in named if not any(_exists(model, path.split(".")) for model in (FlySystem, DigitalOceanSystem))
    ]
    assert unknown == []


def _exists(model: object, path: list[str]) -> bool:
    """Whether a settings model has the field, inside optional fields and maps as well."""
    if not path:
        return True
    if isinstance(model, type) and issubclass(model, BaseModel):
        found = model.model_fields.get(path[0])
        return found is not None and _exists(found.annotation, path[1:])
    return any(_exists(argument, path) for argument in get_args(model))
