"""The reference of all settings, in Markdown, made from their JSON Schema."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from settings.lookup import Schema
from settings.sample import commented, inline
from settings.schema import settings_schema
from settings.stack import NAMESPACE


def sections() -> Iterator[str]:
    """A section for each kind of settings, each before the parts that it consists of."""
    root = settings_schema()
    for name, places in _places(root).items():
        yield "\n".join(_section(root, name, places))


def stack_sections() -> Iterator[str]:
    """The same for what only a stack file says."""
    root = settings_schema()
    places: dict[str, dict[str, list[str]]] = {"Policies": {f"{NAMESPACE}:policies": _everywhere(root)}}
    _walk(root, "Policies", f"{NAMESPACE}:policies.", "", places)
    for name, found in places.items():
        yield "\n".join(_section(root, name, dict.fromkeys(found, _everywhere(root))))


def table(root: Schema, model: Schema) -> Iterator[str]:
    """The keys of a model: type, default, bounds, description."""
    yield "| Key | Type | Default | Bounds | What it is |"
    yield "|---|---|---|---|---|"
    for key, field in model["properties"].items():
        schema = _without_null(field)
        default = "**required**" if key in model.get("required", ()) else _default(field)
        cells = (f"`{key}`", _type(schema), default, _bounds(schema), field.get("description", ""))
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def _section(root: Schema, name: str, places: dict[str, list[str]]) -> Iterator[str]:
    model = root["$defs"][name]
    platforms = _platforms(root)
    shown = [
        f"`{place}`" if len(where) == len(platforms) else f"`{place}` with `platform: {where[0]}`"
        for place, where in places.items()
    ]
    yield f"### {name}\n"
    yield f"{model['description']}\n"
    yield f"Stands at {', '.join(shown)}.\n" if shown else "The whole of a system file.\n"
    yield from table(root, model)
    yield f"\n```yaml\n{commented(root, name)}```\n"


def _everywhere(root: Schema) -> list[str]:
    return list(_platforms(root))


def _platforms(root: Schema) -> dict[str, str]:
    """The definition of a system for each platform."""
    (systems,) = root["properties"]["systems"]["patternProperties"].values()
    return {platform: _name(reference) for platform, reference in systems["discriminator"]["mapping"].items()}


def _places(root: Schema) -> dict[str, dict[str, list[str]]]:
    """Each definition with its places and their platforms, in the order of a walk through the systems."""
    found: dict[str, dict[str, list[str]]] = {}
    for platform, name in _platforms(root).items():
        found[name] = {}
        _walk(root, name, "", platform, found)
    return found


def _walk(root: Schema, model: str, around: str, platform: str, found: dict[str, dict[str, list[str]]]) -> None:
    for key, field in root["$defs"][model]["properties"].items():
        for reference, suffix in _references(field):
            place, name = f"{around}{key}{suffix}", _name(reference)
            found.setdefault(name, {}).setdefault(place, []).append(platform)
            _walk(root, name, f"{place}.", platform, found)


def _references(schema: Schema, suffix: str = "") -> Iterator[tuple[str, str]]:
    if "$ref" in schema:
        yield schema["$ref"], suffix
    for part in (*schema.get("anyOf", ()), *schema.get("oneOf", ())):
        yield from _references(part, suffix)
    if isinstance(schema.get("items"), dict):
        yield from _references(schema["items"], f"{suffix}[]")
    for part in schema.get("patternProperties", {}).values():
        yield from _references(part, f"{suffix}.*")


def _name(reference: str) -> str:
    return reference.rpartition("/")[2]


def _without_null(field: Schema) -> Schema:
    """A field's schema when it is set."""
    members = [member for member in field.get("anyOf", ()) if member.get("type") != "null"]
    if len(members) != 1:
        return field
    return {**members[0], **{key: item for key, item in field.items() if key != "anyOf"}}


def _type(schema: Schema) -> str:
    if "$ref" in schema:
        name = _name(schema["$ref"])
        return f"[{name}](#{name.lower()})"
    if members := schema.get("anyOf", schema.get("oneOf")):
        return " or ".join(_type(member) for member in members)
    match schema.get("type"):
        case "array":
            return f"list of {_type(schema['items'])}"
        case "object":
            members = list(schema.get("patternProperties", {}).values())
            return f"map of {_type(members[0])}" if members else "map"
        case "integer":
            return "whole number"
        case "boolean":
            return "true or false"
        case "string":
            return "duration" if schema.get("x-meaning", "").startswith("a duration") else "text"
        case other:
            return str(other)


def _default(field: Schema) -> str:
    default: Any = field.get("default", {})
    if default is None:
        return "not set"
    return "its defaults" if isinstance(default, dict) and default else f"`{inline(default)}`"


def _bounds(schema: Schema) -> str:
    """What a value must keep to; of lists and maps, what each entry must."""
    if "enum" in schema or "const" in schema:
        return ", ".join(f"`{word}`" for word in schema.get("enum") or [schema["const"]])
    words = []
    if "minimum" in schema:
        step = f" in steps of {schema['multipleOf']}" if "multipleOf" in schema else ""
        words.append(f"{schema['minimum']} to {schema.get('maximum', schema.get('exclusiveMaximum'))}{step}")
        if "exclusiveMaximum" in schema:
            words[-1] = f"{schema['minimum']} or more, less than {schema['exclusiveMaximum']}"
    if "x-meaning" in schema:
        words.append(schema["x-meaning"].removeprefix("a duration from "))
    if schema.get("format") == "uuid":
        words.append("a UUID")
    least, most = (
        schema.get("minItems", schema.get("minProperties")),
        schema.get("maxItems", schema.get("maxProperties")),
    )
    if least or most:
        words.append(f"{least or 0} to {most} entries" if most else f"at least {least}")
    if "x-meaning" in schema.get("propertyNames", {}):
        words.append(f"each name: {schema['propertyNames']['x-meaning']}")
    parts = (schema.get("items"), *schema.get("patternProperties", {}).values())
    entries = [_bounds(_without_null(part)) for part in parts if isinstance(part, dict)]
    words += [f"each: {entry}" for entry in entries if entry]
    return "; ".join(words)
