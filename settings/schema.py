"""JSON Schemas of the settings, for editors, for the docs and for deriving valid examples."""

from __future__ import annotations

import copy
from datetime import timedelta
from functools import cache
from typing import Any, Final

from pydantic.json_schema import GenerateJsonSchema

from settings.duration import show
from settings.stack import NAMESPACE, StackSettings

Schema = dict[str, Any]

_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
_SECRET: Final = {
    "description": "Written by `pulumi config set --secret`.",
    "type": "object",
    "properties": {"secure": {"type": "string"}},
    "required": ["secure"],
    "additionalProperties": False,
}


class _Generator(GenerateJsonSchema):
    """Writes durations the way that settings files do."""

    def encode_default(self, dft: Any) -> Any:
        return show(dft) if isinstance(dft, timedelta) else super().encode_default(dft)


@cache
def settings_schema() -> Schema:
    """The schema of a stack's settings with all systems merged in. Shared: do not change it."""
    return StackSettings.model_json_schema(schema_generator=_Generator)


def system_file() -> Schema:
    """The schema of `systems/<name>.yaml`: a whole system, or any part of one over the system that it extends."""
    whole = settings_schema()
    definitions = _without_titles(whole["$defs"])
    partial = _optional(definitions)
    reference = _system_reference(whole)
    extends = {"type": "string", "description": "Another system file to take everything from that is not said here."}
    for name in _system_models(reference):
        definitions[name]["properties"]["extends"] = extends
        partial[f"{name}Part"]["properties"]["extends"] = extends
    return {
        "$schema": _DIALECT,
        "title": "A system of Slipway",
        "if": {"required": ["extends"]},
        "then": _renamed(reference),
        "else": _without_titles(reference),
        "$defs": {**definitions, **partial},
    }


def stack_file() -> Schema:
    """The schema of `Pulumi.<stack>.yaml`: the environment, and parts of systems over their files."""
    whole = settings_schema()
    environment = _without_titles(whole["properties"]["environment"])
    part = _renamed(_system_reference(whole))
    secrets = {"type": "object", "additionalProperties": {"type": "object", "additionalProperties": _SECRET}}
    return {
        "$schema": _DIALECT,
        "title": "A stack of Slipway",
        "type": "object",
        "properties": {
            "config": {
                "type": "object",
                "properties": {
                    f"{NAMESPACE}:environment": environment,
                    f"{NAMESPACE}:systems": {
                        "description": whole["properties"]["systems"]["description"],
                        "type": "object",
                        "minProperties": 1,
                        "additionalProperties": {"anyOf": [part, {"type": "null"}]},
                    },
                    f"{NAMESPACE}:secrets": {**secrets, "description": "Secret values by system and name, encrypted."},
                },
                "patternProperties": {f"^(?!{NAMESPACE}:)": {}},
                "required": [f"{NAMESPACE}:environment", f"{NAMESPACE}:systems"],
                "additionalProperties": False,
            },
            "secretsprovider": {"type": "string"},
            "encryptedkey": {"type": "string"},
            "encryptionsalt": {"type": "string"},
        },
        "required": ["config"],
        "additionalProperties": False,
        "$defs": _optional(_without_titles(whole["$defs"])),
    }


def _system_reference(whole: Schema) -> Schema:
    systems = whole["properties"]["systems"]
    members = systems.get("patternProperties") or {"": systems["additionalProperties"]}
    return dict(next(iter(members.values())))


def _system_models(reference: Schema) -> list[str]:
    members = reference.get("oneOf", [reference])
    return [member["$ref"].rpartition("/")[2] for member in members]


def _optional(definitions: Schema) -> Schema:
    """The same definitions, each named `…Part`, with nothing required: what an overlay may say."""
    return {f"{name}Part": _renamed(definition) for name, definition in definitions.items()}


def _renamed(value: Any) -> Any:
    if isinstance(value, list):
        return [_renamed(item) for item in value]
    if not isinstance(value, dict):
        return value
    result = {}
    for key, item in value.items():
        if key == "$ref":
            result[key] = f"{item}Part"
        elif key == "discriminator":
            mapping = {name: f"{reference}Part" for name, reference in item["mapping"].items()}
            result[key] = {**item, "mapping": mapping}
        elif key == "properties":
            result[key] = {name: _renamed(definition) for name, definition in item.items()}
        elif key not in {"required", "title"}:
            result[key] = _renamed(item)
    if "oneOf" in result:
        result["anyOf"] = result.pop("oneOf")
    return result


def _without_titles(value: Any) -> Any:
    """Pydantic's titles repeat the field names; editors show them instead of the description."""
    if isinstance(value, list):
        return [_without_titles(item) for item in value]
    if not isinstance(value, dict):
        return copy.copy(value)
    return {
        key: {name: _without_titles(definition) for name, definition in item.items()}
        if key == "properties"
        else _without_titles(item)
        for key, item in value.items()
        if key != "title"
    }
