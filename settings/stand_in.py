"""Valid values to put in the place of wrong ones, so that the rules between the other values can still be checked.

Problems about a value that was stood in for are never reported; see settings/validate.py.
"""

from __future__ import annotations

from typing import Any

from settings.lookup import Schema, resolved, schema_at
from settings.problem import Path


class NoStandInError(LookupError):
    """No valid value can be derived from the schema at this place."""


def stand_in(root: Schema, document: Any, path: Path) -> Any:
    """A valid JSON value for `path` of `document`, from the JSON Schema `root` of the whole. Raises NoStandInError."""
    schema = schema_at(root, document, path)
    if schema is None:
        raise NoStandInError(str(path))
    return example(root, schema)


def example(root: Schema, schema: Schema) -> Any:
    """The smallest valid value that a schema without references describes. Raises NoStandInError."""
    for key in ("default", "const"):
        if key in schema:
            return schema[key]
    for key in ("examples", "enum"):
        if schema.get(key):
            return schema[key][0]
    return _constructed(root, schema)


def _constructed(root: Schema, schema: Schema) -> Any:
    match schema.get("type"):
        case "object":
            return _object(root, schema)
        case "array":
            item = example(root, resolved(root, schema["items"], None)) if schema.get("minItems") else None
            return [item] * schema.get("minItems", 0)
        case "integer" | "number":
            return schema.get("minimum", 1)
        case "boolean":
            return False
        case "string" if schema.get("format") == "uuid":
            return "123e4567-e89b-12d3-a456-426614174000"
        case "string" if "pattern" not in schema:
            return "x" * max(1, schema.get("minLength", 1))
    raise NoStandInError(str(schema))


def _object(root: Schema, schema: Schema) -> dict[str, Any]:
    value = {
        name: example(root, resolved(root, schema["properties"][name], None)) for name in schema.get("required", ())
    }
    if not value and schema.get("minProperties"):
        members = schema.get("patternProperties") or {"": schema["additionalProperties"]}
        value[key_name(schema)] = example(root, resolved(root, next(iter(members.values())), None))
    return value


def key_name(schema: Schema) -> str:
    """A name that a key of a map may have."""
    names = schema.get("propertyNames", {})
    return str((names.get("examples") or names.get("enum") or ["name"])[0])
