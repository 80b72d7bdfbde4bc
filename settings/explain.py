"""Says what the model's validation found in this project's words, and where in the document it stands."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from pydantic_core import ErrorDetails

from settings.lookup import Schema, schema_at
from settings.problem import Path, did_you_mean, dotted, nearest, shown
from settings.stand_in import NoStandInError, example

_KEY: Final = "[key]"
"""What pydantic puts after a key that is itself wrong."""

_EXAMPLE_CHARACTERS: Final = 60
_WANTED: Final = {
    "bool_type": "true or false",
    "dict_type": "a map of keys",
    "float_type": "a number",
    "int_type": "a whole number",
    "model_type": "a map of keys",
    "string_type": "text",
    "tuple_type": "a list",
    "uuid_type": "text",
}


@dataclass(frozen=True)
class Finding:
    """One error of the model's validation, placed in the document. `about_key`: the key is wrong, not its value."""

    kind: str
    path: Path
    value: Any
    context: Mapping[str, Any]
    about_key: bool


def finding(raw: Any, details: ErrorDetails) -> Finding:
    """The error with a path as the document has it: pydantic's also names members of unions, which stand in no file."""
    location, context = details["loc"], details.get("ctx", {})
    about_key = location[-1:] == (_KEY,)
    parts = location[:-1] if about_key else location
    path: list[str | int] = []
    value = raw
    for index, part in enumerate(parts):
        missing = index == len(parts) - 1 and details["type"] == "missing"
        if isinstance(value, dict) and (part in value or missing):
            path.append(part)
            value = value.get(part)
        elif isinstance(value, list) and isinstance(part, int) and part < len(value):
            path.append(part)
            value = value[part]
    found = details["input"]
    if details["type"].startswith("union_tag_"):
        path.append(context["discriminator"].strip("'"))
        found = found.get(path[-1], found)
    return Finding(details["type"], tuple(path), found, context, about_key)


def is_echo(found: Finding) -> bool:
    """Whether it says that a list is too short only because wrong entries do not count; those are reported anyway."""
    return found.kind == "too_short" and len(found.value) >= found.context["min_length"]


def explain(found: Finding, root: Schema, raw: Any) -> tuple[str, str]:
    """(rule, way out) in this project's words; `root` is the JSON Schema of `raw`."""
    if found.kind == "refusal":
        return found.context["rule"], found.context["way_out"]
    if found.kind in _WANTED:
        return _wrong_type(found)
    if found.kind == "extra_forbidden":
        around = schema_at(root, raw, found.path[:-1]) or {}
        key = str(found.path[-1])
        if way_out := around.get("x-instead", {}).get(key):
            return f"{key} cannot be set on this platform", way_out
        return f"unknown key {dotted(found.path[-1:])}", did_you_mean(key, around.get("properties", ()))
    schema = schema_at(root, raw, found.path) or {}
    if found.kind in {"missing", "union_tag_not_found"}:
        return f"{found.path[-1]} is required", _how_to_add(found, root, schema)
    if found.kind in {"literal_error", "union_tag_invalid"}:
        return _not_listed(found, schema)
    if found.kind in _BOUNDS:
        return _BOUNDS[found.kind](found, schema)
    return f"{_named(found)} is not accepted: {found.kind.replace('_', ' ')}", "see docs/configuration.md"


def kind_of(value: Any) -> str:
    """A value's type in words."""
    match value:
        case None:
            return "null"
        case bool():
            return "true or false"
        case int():
            return "a whole number"
        case float():
            return "a decimal number"
        case str():
            return "text"
        case list():
            return "a list"
    return "a map"


def _named(found: Finding) -> str:
    """The value, unless it may be a secret that somebody put where only its name belongs."""
    return "the value" if "secrets" in found.path else shown(found.value)


def _wrong_type(found: Finding) -> tuple[str, str]:
    wanted, value = _WANTED[found.kind], found.value
    rule = f"must be {wanted}, not {kind_of(value)}"
    if isinstance(value, str | int | float):
        rule = f"{_named(found)} {rule}"
    return rule, _way_to(wanted, value, found)


def _way_to(wanted: str, value: Any, found: Finding) -> str:
    if "secrets" in found.path[:-1]:
        return "write {} here; the value itself is set with pulumi config set --secret"
    match wanted, value:
        case _, None:
            return f"write {wanted}, or remove the line"
        case "text", int() | float():
            return f"put it in quotes: {shown(json.dumps(value))}"
        case "a whole number", float():
            return "round it"
        case "a whole number" | "a number", str() if _is_number(value):
            return "remove the quotes"
        case "a list", str() | int() | float():
            return f"put it in brackets: [{shown(value)}]"
    return f"write {wanted}"


def _is_number(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False


def _how_to_add(found: Finding, root: Schema, schema: Schema) -> str:
    try:
        value = example(root, schema)
    except NoStandInError:
        return "add it"
    written = value if isinstance(value, str) else json.dumps(value)
    if len(written) > _EXAMPLE_CHARACTERS:
        return "add it, see docs/configuration.md"
    return f"add it, such as {found.path[-1]}: {written}"


def _not_listed(found: Finding, schema: Schema) -> tuple[str, str]:
    words = schema.get("enum") or [schema.get("const")]
    if found.kind == "union_tag_invalid":
        words = [word.strip("'") for word in found.context["expected_tags"].split(", ")]
    near = nearest(found.value, words) if isinstance(found.value, str) else None
    rule = f"{_named(found)} is not one of {', '.join(words)}"
    return rule, f'did you mean "{near}"?' if near else "use one of them"


def _out_of_range(found: Finding, schema: Schema) -> tuple[str, str]:
    low, high = schema.get("minimum"), schema.get("maximum")
    below = schema.get("exclusiveMaximum")
    match found.kind:
        case "greater_than_equal":
            rule = f"{shown(found.value)} is less than {_number(found.context['ge'])}"
        case "less_than_equal":
            rule = f"{shown(found.value)} is more than {_number(found.context['le'])}"
        case _:
            rule = f"{shown(found.value)} is not less than {_number(found.context['lt'])}"
    if high is not None:
        return rule, f"choose {low} to {high}"
    return rule, f"choose {low} or more" + (f", but less than {below}" if below is not None else "")


def _no_multiple(found: Finding, schema: Schema) -> tuple[str, str]:
    return f"{shown(found.value)} is not a multiple of {_number(found.context['multiple_of'])}", "round it"


def _number(value: float) -> str:
    return f"{value:g}"


def _wrong_length(found: Finding, schema: Schema) -> tuple[str, str]:
    unit = "characters" if found.kind.startswith("string") else "entries"
    length = len(found.value)
    if found.kind.endswith("long"):
        most = found.context["max_length"]
        return f"{length} {unit} are more than {most}", "shorten it"
    least = found.context["min_length"]
    if not length:
        return "it is empty", f"write at least {least} {unit if least > 1 else unit.replace('ies', 'y').rstrip('s')}"
    return f"{length} {unit} are fewer than {least}", "add to it"


def _no_uuid(found: Finding, schema: Schema) -> tuple[str, str]:
    return f"{_named(found)} is not an id", "copy it whole, as in 123e4567-e89b-12d3-a456-426614174000"


_BOUNDS: Final[Mapping[str, Callable[[Finding, Schema], tuple[str, str]]]] = {
    "greater_than_equal": _out_of_range,
    "less_than_equal": _out_of_range,
    "less_than": _out_of_range,
    "multiple_of": _no_multiple,
    "string_too_long": _wrong_length,
    "string_too_short": _wrong_length,
    "too_long": _wrong_length,
    "too_short": _wrong_length,
    "uuid_parsing": _no_uuid,
}
