"""Finds the part of the settings' JSON Schema that describes one place of a document."""

from __future__ import annotations

from typing import Any

from settings.problem import Path

Schema = dict[str, Any]


def schema_at(root: Schema, document: Any, path: Path) -> Schema | None:
    """What `root` says about `path` of `document`, references followed; None where it knows no such place."""
    schema, value = root, document
    for part in path:
        inner = _inside(resolved(root, schema, value), part)
        if inner is None:
            return None
        schema, value = inner, _step(value, part)
    return resolved(root, schema, value)


def resolved(root: Schema, schema: Schema, value: Any) -> Schema:
    """The schema without references; of several members the one that `value` means."""
    while True:
        if "$ref" in schema:
            name = schema["$ref"].rpartition("/")[2]
            schema = {**root["$defs"][name], **_others(schema, "$ref")}
        elif "discriminator" in schema:
            marker, members = schema["discriminator"]["propertyName"], schema["discriminator"]["mapping"]
            chosen = _step(value, marker)
            member = members.get(chosen) if isinstance(chosen, str) else None
            schema = {"$ref": member or next(iter(members.values()))}
        elif "anyOf" in schema:
            member = next(member for member in schema["anyOf"] if member.get("type") != "null")
            schema = {**member, **_others(schema, "anyOf")}
        else:
            return schema


def _others(schema: Schema, *keys: str) -> Schema:
    return {key: item for key, item in schema.items() if key not in keys}


def _step(value: Any, part: str | int) -> Any:
    try:
        return value[part]
    except (KeyError, IndexError, TypeError):
        return None


def _inside(schema: Schema, part: str | int) -> Schema | None:
    found: Any
    if isinstance(part, int):
        found = schema.get("items")
    else:
        members = iter(schema.get("patternProperties", {}).values())
        found = schema.get("properties", {}).get(part) or next(members, None) or schema.get("additionalProperties")
    return found if isinstance(found, dict) else None
