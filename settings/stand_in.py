"""Valid values to put in the place of wrong ones, so that the rules between the other values can still be checked.

Problems about a value that was stood in for are never reported; see settings/load.py.
"""

from __future__ import annotations

from typing import Any

from settings.problem import Path

Schema = dict[str, Any]


class NoStandIn(LookupError):
    """No valid value can be derived from the schema at this place."""


def stand_in(root: Schema, document: Any, path: Path) -> Any:
    """A valid JSON value for `path` of `document`, from the JSON Schema `root` of the whole. Raises NoStandIn."""
    schema, value = root, document
    for part in path:
        schema = _inside(root, _resolved(root, schema, value), part)
        value = _step(value, part)
    return _example(root, _resolved(root, schema, value))


def _step(value: Any, part: str | int) -> Any:
    try:
        return value[part]
    except (KeyError, IndexError, TypeError):
        return None


def _resolved(root: Schema, schema: Schema, value: Any) -> Schema:
    """The schema without references; of several members the one that the document means."""
    while True:
        if "$ref" in schema:
            name = schema["$ref"].rpartition("/")[2]
            schema = {**root["$defs"][name], **{key: item for key, item in schema.items() if key != "$ref"}}
        elif "discriminator" in schema:
            marker, members = schema["discriminator"]["propertyName"], schema["discriminator"]["mapping"]
            chosen = _step(value, marker)
            schema = {"$ref": members.get(chosen) or next(iter(members.values()))}
        elif "anyOf" in schema and "examples" not in schema:
            schema = next((member for member in schema["anyOf"] if member.get("type") != "null"), schema["anyOf"][0])
        else:
            return schema


def _inside(root: Schema, schema: Schema, part: str | int) -> Schema:
    if isinstance(part, int):
        found = schema.get("items")
    else:
        found = schema.get("properties", {}).get(part) or schema.get("additionalProperties")
        if not found and "patternProperties" in schema:
            found = next(iter(schema["patternProperties"].values()))
    if not isinstance(found, dict):
        raise NoStandIn(str(part))
    return found


def _example(root: Schema, schema: Schema) -> Any:
    if "default" in schema:
        return schema["default"]
    if schema.get("examples"):
        return schema["examples"][0]
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return schema["enum"][0]
    match schema.get("type"):
        case "object" if "properties" in schema:
            properties = schema["properties"]
            return {
                name: _example(root, _resolved(root, properties[name], None)) for name in schema.get("required", ())
            }
        case "object" if not schema.get("minProperties"):
            return {}
        case "array":
            count = schema.get("minItems", 0)
            return [_example(root, _resolved(root, schema["items"], None)) for _ in range(count)]
        case "integer" | "number":
            return schema.get("minimum", 1)
        case "boolean":
            return False
        case "string" if "pattern" not in schema:
            return "x" * max(1, schema.get("minLength", 1))
    raise NoStandIn(str(schema))
