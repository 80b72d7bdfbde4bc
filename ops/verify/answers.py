"""Compares a JSON answer with what the settings say of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from settings.answer import AnswerField

_ABSENT: Final = object()
_SHOWN: Final = 60
_TYPES: Final[Mapping[str, Any]] = {"text": str, "number": int | float, "boolean": bool, "object": dict, "list": list}


def misfits(document: Any, wanted: Mapping[str, AnswerField]) -> Iterator[str]:
    """What is not as described, field by field; nothing when all is."""
    for path, field in wanted.items():
        value = _at(document, path)
        if value is _ABSENT:
            yield f"{path} is missing"
        elif not _is(value, field.kind):
            yield f"{path} is {_shown(value)}, which is no {field.kind}"
        elif field.one_of and value not in field.one_of:
            yield f"{path} is {_shown(value)} instead of {' or '.join(field.one_of)}"
        elif field.minimum is not None and value < field.minimum:
            yield f"{path} is {value:g}, less than {field.minimum:g}"
        elif field.maximum is not None and value > field.maximum:
            yield f"{path} is {value:g}, more than {field.maximum:g}"


def _at(document: Any, path: str) -> Any:
    for key in path.split("."):
        if not isinstance(document, dict) or key not in document:
            return _ABSENT
        document = document[key]
    return document


def _is(value: object, kind: str) -> bool:
    if kind == "number" and isinstance(value, bool):
        return False
    return not kind or isinstance(value, _TYPES[kind])


def _shown(value: object) -> str:
    return repr(value)[:_SHOWN]
