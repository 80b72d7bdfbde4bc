"""JSON Schemas of the settings: for editors, for the reference page, for messages and stand-ins."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import cache
from typing import Any, Final

from pydantic.json_schema import GenerateJsonSchema

from settings.duration import show
from settings.lookup import Schema
from settings.stack import NAMESPACE, StackSettings

_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
_SECRET: Final = {
    "description": "Written by `pulumi config set --secret`.",
    "type": "object",
    "properties": {"secure": {"type": "string"}},
    "required": ["secure"],
    "additionalProperties": False,
}
_NULL: Final = {"type": "null"}
_OF_STACKS: Final = ("Policies", "Waiver")
"""The models that only a stack file has."""


class _Generator(GenerateJsonSchema):
    """Writes durations the way that settings files do."""

    def encode_default(self, dft: Any) -> Any:
        return show(dft) if isinstance(dft, timedelta) else super().encode_default(dft)


@cache
def settings_schema() -> Schema:
    """The schema of a stack's settings with all systems merged in. Shared: do not change it."""
    return _transformed(StackSettings.model_json_schema(schema_generator=_Generator), _tidy)


def system_file() -> Schema:
    """The schema of `systems/<name>.yaml`: a whole system, or any part of one over the system that it extends."""
    whole = settings_schema()
    partial = _partial(whole)
    system = _system(whole)
    part = _transformed(system, _loosened)
    definitions = {name: model for name, model in whole["$defs"].items() if name not in _OF_STACKS}
    extends = {"type": "string", "description": "Another system file to take everything from that is not said here."}
    for name in _system_models(system):
        for group, key in ((definitions, name), (partial["$defs"], f"{name}Part")):
            group[key] = {**group[key], "properties": {"extends": extends, **group[key]["properties"]}}
    return {
        "$schema": _DIALECT,
        "title": "A system of Slipway",
        "type": "object",
        "if": {"required": ["extends"]},
        "then": part,
        "else": system,
        "$defs": {**definitions, **partial["$defs"]},
    }


def stack_file() -> Schema:
    """The schema of `Pulumi.<stack>.yaml`: the environment, and parts of systems over their files."""
    whole = settings_schema()
    partial = _partial(whole)
    names = whole["properties"]["systems"]
    (pattern,) = names["patternProperties"]
    secrets = {"type": "object", "additionalProperties": _SECRET}
    return {
        "$schema": _DIALECT,
        "title": "A stack of Slipway",
        "type": "object",
        "properties": {
            "config": {
                "type": "object",
                "properties": {
                    f"{NAMESPACE}:environment": whole["properties"]["environment"],
                    f"{NAMESPACE}:systems": {
                        "description": names["description"],
                        "type": "object",
                        "minProperties": 1,
                        "patternProperties": {pattern: _transformed(_system(whole), _loosened)},
                        "additionalProperties": False,
                    },
                    f"{NAMESPACE}:policies": whole["properties"]["policies"],
                    f"{NAMESPACE}:secrets": {
                        "description": "Secret values by system and name, encrypted.",
                        "type": "object",
                        "patternProperties": {pattern: secrets},
                        "additionalProperties": False,
                    },
                },
                "patternProperties": {f"^(?!{NAMESPACE}:)[^:]+:.+$": {}},
                "required": [f"{NAMESPACE}:environment", f"{NAMESPACE}:systems"],
                "additionalProperties": False,
            },
            "environment": {"description": "Environments of Pulumi ESC to take config from."},
            "secretsprovider": {"type": "string"},
            "encryptedkey": {"type": "string"},
            "encryptionsalt": {"type": "string"},
        },
        "required": ["config"],
        "additionalProperties": False,
        "$defs": {**partial["$defs"], **{name: whole["$defs"][name] for name in _OF_STACKS}},
    }


def _system(schema: Schema) -> Schema:
    """What a schema of settings says about one system."""
    (member,) = schema["properties"]["systems"]["patternProperties"].values()
    return dict(member)


def _system_models(system: Schema) -> list[str]:
    return [member["$ref"].rpartition("/")[2] for member in system.get("oneOf", [system])]


def _partial(whole: Schema) -> Schema:
    """The same schema for what is laid over: nothing is required, null takes away, definitions are named `…Part`."""
    schema = _transformed(whole, _loosened)
    parts = {f"{name}Part": part for name, part in schema["$defs"].items() if name not in _OF_STACKS}
    return {**schema, "$defs": parts}


def _transformed(schema: Schema, change: Callable[[Schema], Schema]) -> Schema:
    """A schema with `change` made to it and to every schema inside it, the inner ones first."""
    result: Schema = {}
    for key, item in schema.items():
        if key in {"properties", "patternProperties", "$defs"}:
            result[key] = {name: _transformed(part, change) for name, part in item.items()}
        elif key in {"items", "additionalProperties", "propertyNames"} and isinstance(item, dict):
            result[key] = _transformed(item, change)
        elif key in {"anyOf", "oneOf"}:
            result[key] = [_transformed(part, change) for part in item]
        else:
            result[key] = item
    return change(result)


def _tidy(schema: Schema) -> Schema:
    """Without titles, which repeat the field names, and with maps closed against keys that match no pattern."""
    schema = {key: item for key, item in schema.items() if key != "title"}
    return {**schema, "additionalProperties": False} if "patternProperties" in schema else schema


def _loosened(schema: Schema) -> Schema:
    required = schema.get("required", ())
    schema = {key: item for key, item in schema.items() if key not in {"required", "minProperties"}}
    if "$ref" in schema:
        schema["$ref"] += "Part"
    if "discriminator" in schema:
        mapping = {name: f"{reference}Part" for name, reference in schema["discriminator"]["mapping"].items()}
        schema["discriminator"] = {**schema["discriminator"], "mapping": mapping}
    if "oneOf" in schema:
        # Without its required marker a part can be one of several systems.
        schema["anyOf"] = schema.pop("oneOf")
    if "properties" in schema:
        schema["properties"] = {
            name: part if name in required else _or_null(part) for name, part in schema["properties"].items()
        }
    if "patternProperties" in schema:
        schema["patternProperties"] = {name: _or_null(part) for name, part in schema["patternProperties"].items()}
    return schema


def _or_null(schema: Schema) -> Schema:
    if _NULL in schema.get("anyOf", ()):
        return schema
    described: Schema = {key: schema[key] for key in ("description", "default") if key in schema}
    return {"anyOf": [{key: item for key, item in schema.items() if key not in described}, _NULL], **described}
