"""The reference describes every setting, and its examples are valid settings."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import ValidationError

from settings.load import load
from settings.model import Settings
from settings.read import parse
from settings.reference import sections, stack_sections
from settings.sample import commented, inline
from settings.schema import settings_schema
from settings.validate import broken_rules
from tests.settings.samples import Project

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "configuration.md").read_text()

pytestmark = pytest.mark.thorough


def _models(kind: type[Settings] = Settings) -> Iterator[type[Settings]]:
    for model in kind.__subclasses__():
        yield model
        yield from _models(model)


# As committed, which others hold to what is generated: that takes half a second, at every collection of tests.
DEFINED = {name.removesuffix("Part") for name in json.loads((DOCS / "schema/stack.schema.json").read_text())["$defs"]}
MODELS = {model.__name__: model for model in _models() if model.__name__ in DEFINED}


def test_every_model_has_a_section() -> None:
    headings = re.findall(r"^### (\w+)$", "\n".join([*stack_sections(), *sections()]), re.MULTILINE)
    assert sorted(headings) == sorted(settings_schema()["$defs"]) == sorted(MODELS)


def test_every_link_leads_to_a_heading() -> None:
    headings = [line.strip("# ").lower() for line in PAGE.splitlines() if line.startswith("#")]
    anchors = {re.sub(r"[^a-z0-9 -]", "", heading).replace(" ", "-") for heading in headings}
    links = set(re.findall(r"\]\(#([^)]+)\)", PAGE))
    assert links
    assert links <= anchors


@pytest.mark.parametrize("name", MODELS)
def test_an_example_is_valid_as_it_stands(name: str) -> None:
    document = parse(commented(settings_schema(), name), name)
    assert document.problems == ()
    settings = MODELS[name].model_validate_json(json.dumps(document.value or {}))
    assert [broken.rule for _, broken in broken_rules(settings)] == []


@pytest.mark.parametrize("name", MODELS)
def test_what_is_commented_out_in_an_example_is_valid_by_itself(name: str) -> None:
    text = commented(settings_schema(), name)
    live = parse(text, name).value or {}
    for part in re.split(r"^# [^\n:]*[^:\n]\n(?=# \w+:)", text, flags=re.MULTILINE)[1:]:
        optional = "\n".join(
            line.removeprefix("# ") for line in part.splitlines() if re.match(r"#( {3}|  ?\w+:)", line)
        )
        try:
            MODELS[name].model_validate_json(json.dumps({**live, **(parse(optional, name).value or {})}))
        except ValidationError as error:
            pytest.fail(f"{name}: {optional}: {error}")


def test_every_key_stands_in_its_example() -> None:
    for name, model in settings_schema()["$defs"].items():
        keys = re.findall(r"^(?:# )?(\w+):", commented(settings_schema(), name), re.MULTILINE)
        assert set(model["properties"]) <= set(keys), name


def test_the_page_is_the_same_each_time() -> None:
    assert list(sections()) == list(sections())


def test_the_examples_of_the_page_can_be_loaded(project: Project) -> None:
    stack, extending = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)[:2]
    root = Path(__file__).parents[2]
    project.system("tetrix", (root / "systems/tetrix.yaml").read_text())
    project.system("tetrix-preview", extending)
    project.stack(stack, "staging")
    assert load(project.root, "staging").environment == "staging"
    project.stack(stack.replace("tetrix:", "tetrix-preview:"), "preview")
    assert load(project.root, "preview").systems["tetrix-preview"].app.name == "tetrix-preview"


ODD = [
    "plain",
    "with space",
    "true",
    "null",
    "12",
    "1.5",
    "22:30",
    "no",
    "007",
    "",
    "#x",
    "a: b",
    "a,b",
    "ü",
    "a\nb",
    "~",
]


@pytest.mark.parametrize("value", ODD)
def test_values_on_one_line_read_back_as_the_same(value: str) -> None:
    nested = {"key": [value, {"inner": value}], "other": value}
    assert parse(inline(nested), "f").value == nested
