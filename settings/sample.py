"""Commented examples of settings, made from their JSON Schema: every key once, with what it is for."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, Final

from settings.lookup import Schema, resolved
from settings.read import parse
from settings.stand_in import example, key_name

_PLAIN: Final = re.compile(r"[A-Za-z0-9/][A-Za-z0-9 ._/@:-]*")
_LINE_WIDTH: Final = 100


def commented(root: Schema, name: str) -> str:
    """YAML with all keys of a definition. Optional ones that have no example of their own are commented out."""
    return "".join(f"{line}\n" for line in _lines(root, root["$defs"][name]))


def _lines(root: Schema, model: Schema) -> Iterator[str]:
    for key, field in model["properties"].items():
        yield f"# {_first_sentence(field.get('description', ''))}"
        for line in _written(key, sample(root, resolved(root, field, None)), ""):
            yield line if _is_live(model, key, field) else f"# {line}"


def sample(root: Schema, schema: Schema) -> Any:
    """A valid value: the default, or the first example, or what is required and what has an example of its own."""
    if schema.get("default") is not None:
        return schema["default"]
    if schema.get("examples"):
        return schema["examples"][0]
    if schema.get("type") == "object" and "properties" in schema:
        return {
            key: sample(root, resolved(root, field, None))
            for key, field in schema["properties"].items()
            if key in schema.get("required", ()) or _has_example(field)
        }
    if schema.get("type") == "object":
        members = schema.get("patternProperties") or {"": schema["additionalProperties"]}
        (member,) = members.values()
        return {key_name(schema): sample(root, resolved(root, member, None))}
    if schema.get("type") == "array":
        return [sample(root, resolved(root, schema["items"], None))]
    return example(root, {key: item for key, item in schema.items() if key != "default"})


def _is_live(model: Schema, key: str, field: Schema) -> bool:
    return key in model.get("required", ()) or field.get("default") is not None or _has_example(field)


def _has_example(field: Schema) -> bool:
    """Whether the field itself, and not only the type of its value, has an example: one is needed for a whole."""
    return "default" in field and field["default"] is None and "examples" in field


def _first_sentence(text: str) -> str:
    return re.split(r"(?<=[.;]) ", text, maxsplit=1)[0].rstrip(".;")


def _written(key: str, value: Any, indent: str) -> Iterator[str]:
    """`key: value` as YAML: on one line where it fits, else nested."""
    line = f"{indent}{key}: {inline(value)}"
    if len(line) <= _LINE_WIDTH or not isinstance(value, dict):
        yield line
        return
    yield f"{indent}{key}:"
    for name, item in value.items():
        yield from _written(name, item, f"{indent}  ")


def inline(value: Any) -> str:
    """A value as YAML on one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {inline(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(inline(item) for item in value) + "]"
    if isinstance(value, str) and _PLAIN.fullmatch(value) and parse(f"[{value}]", "").value == [value]:
        return value
    return json.dumps(value, ensure_ascii=False)
