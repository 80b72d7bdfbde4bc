"""From raw data to a FlyConfig, with every unknown key and wrong type as a problem."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from fly.config import FlyConfig
from fly.errors import Problem

# Keys of older documents that are known never to have worked, and what to write instead
_INSTEAD = {
    "resources": "write [[vm]] size and memory",
    "swap": "write swap_size_mb",
    "success_threshold": "Fly.io has no thresholds: count in the app, or poll with the monitor",
    "failure_threshold": "Fly.io has no thresholds: count in the app, or poll with the monitor",
    "auto_rollback": "the release's own gate rolls back",
    "tcp_checks": 'write [checks.<name>] type = "tcp"',
    "local_path": "write raw_value with the text, so that the preview shows its changes",
}


def parse_config(path: str, data: Mapping[str, Any]) -> tuple[FlyConfig | None, list[Problem]]:
    """The typed configuration, or None and what is wrong with it."""
    try:
        return FlyConfig.model_validate(dict(data)), []
    except ValidationError as error:
        found = [_problem(path, detail, data) for detail in error.errors(include_url=False)]
        return None, list({problem.path: problem for problem in reversed(found)}.values())[::-1]


def _problem(path: str, detail: ErrorDetails, data: Mapping[str, Any]) -> Problem:
    where = [part for part in detail["loc"] if not _names_a_branch(part)]
    at = path + "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in where)
    value = detail.get("input")
    if detail["type"] == "extra_forbidden":
        return Problem(at, _last_name(where), "Fly.io knows no such key", _way_out(where, data))
    if detail["type"] == "missing":
        return Problem(at, None, "is needed", "add it")
    if isinstance(value, int) and where and str(where[-1]) in {"interval", "timeout", "grace_period", "wait_timeout"}:
        rule = "a bare number is milliseconds here and seconds there"
        return Problem(at, value, rule, f'write a duration with its unit, such as "{value}s"')
    return Problem(at, value, detail["msg"].lower(), "correct the value")


def _names_a_branch(part: int | str) -> bool:
    """pydantic puts the tried type of a union into the path; those are no keys."""
    return isinstance(part, str) and (
        part in {"str", "int", "float", "bool", "list[str]"} or part.startswith("literal[")
    )


def _last_name(where: list[int | str]) -> str:
    return str(where[-1])


def _way_out(where: list[int | str], data: Mapping[str, Any]) -> str:
    name = _last_name(where)
    if name in _INSTEAD:
        return _INSTEAD[name]
    close = get_close_matches(name, _known_keys(where[:-1]), 1)
    return f"did you mean {close[0]}?" if close else "remove it"


def _known_keys(where: list[int | str]) -> list[str]:
    model: type[BaseModel] = FlyConfig
    for part in where:
        if isinstance(part, str) and part in model.model_fields:
            inner = _inner_model(model.model_fields[part].annotation)
            model = inner or model
    return list(model.model_fields)


def _inner_model(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for inner in getattr(annotation, "__args__", ()):
        found = _inner_model(inner)
        if found:
            return found
    return None
