"""JSON out of what flyctl prints: it may say other things first, and some commands print several values."""

from __future__ import annotations

import json
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from fly.commands.command import Command
from fly.errors import Unparsable

Model = TypeVar("Model", bound=BaseModel)


def json_values(text: str) -> list[object]:
    """Every JSON object or array that starts a line of `text`, in order; other lines are passed over."""
    decoder = json.JSONDecoder()
    values: list[object] = []
    at = 0
    while at < len(text):
        end_of_line = text.find("\n", at)
        end_of_line = len(text) if end_of_line < 0 else end_of_line
        start = at + len(text[at:end_of_line]) - len(text[at:end_of_line].lstrip())
        at = end_of_line + 1
        if start < len(text) and text[start] in "[{":
            try:
                value, end = decoder.raw_decode(text, start)
            except json.JSONDecodeError:
                continue
            values.append(value)
            at = max(at, end)
    return values


def parsed_list(command: Command, stdout: str, model: type[Model]) -> list[Model]:
    """The one list that a `list` command prints; `null` is how Go prints an empty one."""
    if stdout.strip() == "null":
        return []
    found = _last(command, stdout, list, "list")
    return _validated(command, stdout, model, found if isinstance(found, list) else [])


def parsed_object(command: Command, stdout: str, model: type[Model]) -> Model:
    """The last object printed."""
    return _validated(command, stdout, model, [_last(command, stdout, dict, "object")])[0]


def parsed_objects(command: Command, stdout: str, model: type[Model]) -> list[Model]:
    """Every object printed, one after the other; there may be none."""
    return _validated(command, stdout, model, [value for value in json_values(stdout) if isinstance(value, dict)])


def _last(command: Command, stdout: str, shape: type, called: str) -> object:
    found = [value for value in json_values(stdout) if isinstance(value, shape)]
    if not found:
        raise Unparsable(str(command), f"no JSON {called} in it", stdout)
    return found[-1]


def _validated(command: Command, stdout: str, model: type[Model], values: list[object]) -> list[Model]:
    try:
        return [model.model_validate(value) for value in values]
    except ValidationError as error:
        detail = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in detail["loc"])
        raise Unparsable(str(command), f"{where}: {detail['msg']}", stdout) from error
