"""Says what the model's validation found in this project's words, and where in the document it stands."""

from __future__ import annotations

import json
from typing import Any, get_args

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from settings.problem import Path, did_you_mean


def path_of(raw: Any, details: ErrorDetails) -> Path:
    """Pydantic's location without the names of union members, which stand in no file."""
    path: list[str | int] = []
    value = raw
    location = details["loc"]
    for index, part in enumerate(location):
        last = index == len(location) - 1
        if isinstance(value, dict) and part == "[key]":
            continue
        if isinstance(value, dict) and (part in value or (last and details["type"] == "missing")):
            path.append(part)
            value = value.get(part)
        elif isinstance(value, list) and isinstance(part, int) and part < len(value):
            path.append(part)
            value = value[part]
    return tuple(path)


def explain(path: Path, details: ErrorDetails, model: type[BaseModel]) -> tuple[str, str]:
    """(rule, way out) in this project's words."""
    kind, context = details["type"], details.get("ctx", {})
    value = details["input"]
    shown = f'"{value}"' if isinstance(value, str) else json.dumps(value, default=str)
    if kind == "extra_forbidden":
        return f"unknown key {path[-1]}", did_you_mean(str(path[-1]), _siblings(details, model))
    if kind == "missing":
        return f"{path[-1]} is required", "add it"
    if kind == "string_pattern_mismatch":
        return f"{shown} does not match {context['pattern']}", "correct it"
    if "expected" in context:
        words = [word.strip("'") for word in str(context["expected"]).replace(" or ", ", ").split(", ")]
        hint = did_you_mean(value, words) if isinstance(value, str) else f"use one of {', '.join(words)}"
        return f"{shown} is not one of {', '.join(words)}", hint
    message = details["msg"]
    rule, separator, way_out = message.partition("; ")
    if separator:
        return rule, way_out
    return f"{shown}: {message[0].lower()}{message[1:]}", "correct it"


def _siblings(details: ErrorDetails, model: Any) -> list[str]:
    """The fields that the model at an error's place accepts."""
    for part in details["loc"][:-1]:
        model = _member(model, part)
        if model is None:
            return []
    return list(getattr(model, "model_fields", {}))


def _member(kind: Any, part: str | int) -> Any:
    """The type of a part of a type: a field of a model, an item of a map or tuple."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        found = kind.model_fields.get(str(part))
        return _first_model(found.annotation) if found else None
    arguments = [argument for argument in get_args(kind) if argument is not Ellipsis]
    return _first_model(arguments[-1]) if arguments else None


def _first_model(kind: Any) -> Any:
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return kind
    if getattr(kind, "__origin__", None) in (dict, tuple):
        return kind
    for argument in get_args(kind):
        if (found := _first_model(argument)) is not None:
            return found
    return None
