"""The emulated types against facts about the real providers, where those are at hand."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sandbox import paths, sdk_types
from sandbox.cloudflare import catalog as cloudflare
from sandbox.digitalocean import catalog as digitalocean
from sandbox.resource import OneOf, ResourceType

FOLDER = Path(__file__).parents[3] / "shared" / "provider-facts"
# The facts leave these out: a property of that name, and an output that is Pulumi's own.
_NOT_IN_FACTS = {"description"}
_NOT_IN_SDK = {"id"}
# The real providers take these from the environment or refuse in the API; the schema calls them optional.
_NEEDED_BY_THE_API = {"zoneId", "accountId"}

TYPES = [*digitalocean.TYPES, *cloudflare.TYPES]

pytestmark = [
    pytest.mark.thorough,
    pytest.mark.skipif(not FOLDER.is_dir(), reason=f"no provider facts in {FOLDER.name} beside the repository"),
]


def facts(type_: ResourceType) -> tuple[dict[str, Any], dict[str, Any]]:
    package = type_.pulumi_type.partition(":")[0]
    everything = json.loads((FOLDER / f"{package}.json").read_text())
    return everything["resources"][type_.pulumi_type], everything["types"]


def named(type_: ResourceType) -> str:
    return type_.kind


@pytest.fixture(params=TYPES, ids=named)
def type_(request: pytest.FixtureRequest) -> ResourceType:
    found: ResourceType = request.param
    return found


def test_every_input_of_the_real_provider_is_accepted(type_: ResourceType) -> None:
    resource, _ = facts(type_)
    assert set(resource["inputs"]) <= set(sdk_types.inputs(type_.pulumi_type).fields)


def test_what_the_real_provider_requires_is_required(type_: ResourceType) -> None:
    resource, _ = facts(type_)
    fields = sdk_types.inputs(type_.pulumi_type).fields
    required = {name for name, field in fields.items() if field.required} | set(type_.required)
    assert set(resource["required"]) - _NOT_IN_FACTS <= required
    assert required - set(resource["required"]) <= _NEEDED_BY_THE_API


def test_what_replaces_at_the_real_provider_replaces_here(type_: ResourceType) -> None:
    resource, _ = facts(type_)
    replacing = {name for name, fact in resource["inputs"].items() if fact.get("willReplaceOnChanges")}
    assert set(type_.replaces) == (replacing | set(resource.get("replacedByChangeOf") or [])) - _NOT_IN_SDK


def test_the_outputs_of_the_real_provider_are_known(type_: ResourceType) -> None:
    resource, _ = facts(type_)
    assert set(resource["outputs"]) <= sdk_types.properties(type_.pulumi_type)


def test_what_is_secret_at_the_real_provider_is_secret_here(type_: ResourceType) -> None:
    resource, types = facts(type_)
    inner = {**resource["inputs"], **resource["outputs"]}
    found = {paths.show(path) for name, fact in inner.items() for path in _secrets(fact, (name,), types)}
    assert {paths.show(paths.parse(text)) for text in type_.secrets} == found


def test_enums_of_the_schema_are_part_of_ours(type_: ResourceType) -> None:
    resource, types = facts(type_)
    rules = {**type_.checks, **type_.limits}
    for name, fact in resource["inputs"].items():
        for reference in [option["$ref"] for option in fact.get("oneOf", []) if "$ref" in option]:
            # One enum lists the data centres of all products; not every product is in each.
            rule = None if name == "region" else rules.get(name)
            if isinstance(rule, OneOf):
                known = {value["value"] for value in types[reference.removeprefix("#/types/")]["enum"]}
                assert known <= {*rule.values, *rule.renamed}, name


def test_every_path_that_the_data_names_exists_in_the_sdk(type_: ResourceType) -> None:
    named = [
        *type_.checks,
        *type_.limits,
        *type_.sets,
        *type_.defaults,
        *type_.computed,
        *type_.secrets,
        *type_.replaces,
    ]
    outputs = sdk_types.properties(type_.pulumi_type)
    missing = [text for text in named if not _exists(type_, paths.parse(text)) and text not in outputs]
    assert missing == []


def _exists(type_: ResourceType, path: paths.Path) -> bool:
    shape: Any = sdk_types.inputs(type_.pulumi_type)
    for step in path:
        if isinstance(shape, sdk_types.Record):
            if step == paths.ANY:
                return True
            if step not in shape.fields:
                return False
            shape = shape.fields[str(step)].shape
        elif isinstance(shape, sdk_types.ListOf | sdk_types.MapOf):
            if step != paths.ANY:
                return False
            shape = shape.item
    return True


def _secrets(fact: dict[str, Any], path: paths.Path, types: dict[str, Any]) -> Iterator[paths.Path]:
    if fact.get("secret"):
        yield path
        return
    if fact.get("type") == "array":
        yield from _secrets(fact["items"], (*path, paths.ANY), types)
    reference = fact.get("$ref", "").removeprefix("#/types/")
    for name, inner in types.get(reference, {}).get("properties", {}).items():
        yield from _secrets(inner, (*path, name), types)
