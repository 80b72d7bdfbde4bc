"""The JSON Schemas accept what the models accept, refuse what they refuse, and are the committed ones."""

from __future__ import annotations

import copy
import functools
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from ops.docs import write_docs
from ops.schema import write_schemas
from settings.document import Document
from settings.read import parse, read
from settings.schema import settings_schema, stack_file, system_file
from tests.settings.samples import DIGITALOCEAN, FLY, Project

ROOT = Path(__file__).parents[2]


@functools.cache
def system_schema() -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(system_file())


@functools.cache
def stack_schema() -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(stack_file())


@pytest.mark.thorough
def test_the_schemas_are_valid_by_their_dialect() -> None:
    checked: list[Any] = []
    for schema in (settings_schema(), system_file(), stack_file()):
        new = {name: model for name, model in schema["$defs"].items() if model not in checked}
        checked += new.values()
        jsonschema.Draft202012Validator.check_schema({**schema, "$defs": new})


@pytest.mark.parametrize("file", sorted(ROOT.glob("systems/*.yaml")), ids=lambda file: file.stem)
def test_the_system_files_are_valid(file: Path) -> None:
    assert _errors(system_schema(), read(file, file.name).value) == []
    assert file.read_text().startswith("# yaml-language-server: $schema=../docs/schema/system.schema.json\n")


@pytest.mark.parametrize("file", sorted(ROOT.glob("Pulumi.*.yaml")), ids=lambda file: file.stem)
def test_the_stack_files_are_valid(file: Path) -> None:
    assert _errors(stack_schema(), read(file, file.name).value) == []
    assert file.read_text().startswith("# yaml-language-server: $schema=docs/schema/stack.schema.json\n")


def _errors(validator: jsonschema.Draft202012Validator, value: Any) -> list[str]:
    return [error.message for error in validator.iter_errors(value)]


def _changed(system: dict[str, Any], changes: str) -> Any:
    return Document(copy.deepcopy(system)).merged(parse(changes, "changes")).value


WRONG = [
    (DIGITALOCEAN, "helth: {}"),
    (DIGITALOCEAN, "app: {helth: {}}"),
    (DIGITALOCEAN, "app: {name: Sample}"),
    (DIGITALOCEAN, "app: {region: fra1}"),
    (DIGITALOCEAN, "app: {size: professional-xs}"),
    (DIGITALOCEAN, 'app: {replicas: "2"}'),
    (DIGITALOCEAN, "app: {replicas: 251}"),
    (DIGITALOCEAN, "app: {health: {period: 30}}"),
    (DIGITALOCEAN, "app: {health: {path: health}}"),
    (DIGITALOCEAN, "app: {variables: {9A: x}}"),
    (DIGITALOCEAN, "app: {variables: {A: 1}}"),
    (DIGITALOCEAN, 'app: {cors: [{path: /, allow_origins: ["*"]}]}'),
    (DIGITALOCEAN, "edge: {mode: cloudfare}"),
    (DIGITALOCEAN, "edge: {domains: []}"),
    (DIGITALOCEAN, "monitoring: {regions: [eu_west, eu_west]}"),
    (DIGITALOCEAN, "monitoring: {probes: {Health: {path: /}}}"),
    (DIGITALOCEAN, "monitoring: {uptime_percent: 100}"),
    (DIGITALOCEAN, "platform: heroku"),
    (FLY, "app: {machines: {memory_mb: 300}}"),
    (FLY, "app: {region: fra1}"),
    (FLY, "app: {replicas: 2}"),
]


@pytest.mark.parametrize(("system", "changes"), WRONG, ids=[changes for _, changes in WRONG])
def test_what_the_models_refuse_is_refused_in_files_of_every_kind(system: dict[str, Any], changes: str) -> None:
    assert _errors(system_schema(), system) == []
    assert _errors(system_schema(), _changed(system, changes))
    part = {"platform": system["platform"], **parse(changes, "changes").value}
    assert _errors(system_schema(), {"extends": "other", **part})
    assert _errors(
        stack_schema(), {"config": {"slipway:environment": "production", "slipway:systems": {"sample": part}}}
    )


PARTS = ["{}", "app: {port: 81}", "app: {replicas: null, autoscaling: {maximum: 4}}", "edge: null"]


@pytest.mark.parametrize("changes", PARTS)
def test_what_is_laid_over_a_system_may_be_any_part_of_it(changes: str) -> None:
    part = parse(changes, "changes").value
    assert _errors(system_schema(), {"extends": "other", **part}) == []
    assert (
        _errors(stack_schema(), {"config": {"slipway:environment": "production", "slipway:systems": {"sample": part}}})
        == []
    )
    assert _errors(system_schema(), part)


def test_a_whole_system_lacks_nothing() -> None:
    for key in ("platform", "description", "app"):
        assert _errors(system_schema(), {name: value for name, value in DIGITALOCEAN.items() if name != key})


@pytest.mark.parametrize(
    "config",
    [
        {"slipway:environment": "production"},
        {"slipway:environment": "Production", "slipway:systems": {"sample": {}}},
        {"slipway:environment": "production", "slipway:systems": {}},
        {"slipway:environment": "production", "slipway:systems": {"sample": None}},
        {"slipway:environment": "production", "slipway:systems": {"Sample": {}}},
        {"slipway:environment": "production", "slipway:systems": {"sample": {"extends": "x"}}},
        {"slipway:environment": "production", "slipway:systems": {"sample": {}}, "slipway:sistems": {}},
        {"slipway:environment": "production", "slipway:systems": {"sample": {}}, "environment": "x"},
        {"slipway:environment": "qa", "slipway:systems": {"sample": {}}, "slipway:secrets": {"sample": {"A": "x"}}},
    ],
)  # fmt: skip
def test_a_wrong_stack_file_is_refused(config: dict[str, Any]) -> None:
    assert _errors(stack_schema(), {"config": config})


def test_secrets_and_config_of_others_are_accepted() -> None:
    config = {
        "slipway:environment": "production",
        "slipway:systems": {"sample": {}},
        "slipway:secrets": {"sample": {"A": {"secure": "v1:x"}}},
        "aws:region": "us-west-1",
    }
    assert _errors(stack_schema(), {"config": config, "encryptionsalt": "v1:x"}) == []


def test_maps_are_closed_against_names_that_match_no_pattern() -> None:
    assert _errors(stack_schema(), {"config": {"slipway:environment": "qa", "slipway:systems": {"sample": {}}}}) == []
    for key in ("slipway:systems", "slipway:secrets"):
        config = {"slipway:environment": "qa", "slipway:systems": {"sample": {}}}
        config[key] = {**config.get(key, {}), "Not A Name": {}}
        assert _errors(stack_schema(), {"config": config}), key


def test_every_field_and_every_model_is_described() -> None:
    schema = settings_schema()
    undescribed = [
        f"{name}.{key}"
        for name, model in schema["$defs"].items()
        for key, field in (*model["properties"].items(), ("", model))
        if not field.get("description")
    ]
    assert undescribed == []


def test_the_committed_schemas_and_pages_are_the_generated_ones() -> None:
    assert write_schemas(ROOT, check=True) == []
    assert write_docs(ROOT, check=True) == []


@pytest.mark.thorough
def test_generated_files_are_written_once_and_compared_afterwards(project: Project) -> None:
    names = [f"docs/schema/{name}.schema.json" for name in ("report", "stack", "system")]
    assert write_schemas(project.root, check=True) == names
    assert not (project.root / "docs").exists()
    assert write_schemas(project.root, check=False) == names
    assert write_schemas(project.root, check=False) == write_schemas(project.root, check=True) == []
    (project.root / names[0]).write_text("{}")
    assert write_schemas(project.root, check=True) == names[:1]
    assert json.loads((project.root / names[0]).read_text()) == {}
