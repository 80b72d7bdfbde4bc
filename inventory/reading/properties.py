"""Typed access to properties. Whatever lies below something unknown is unknown, too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from inventory.unknown import UNKNOWN, Unknown

Key = str | int


def at(value: Any, *path: Key) -> Any:
    """What stands at a path; None where nothing does, UNKNOWN where that is not known."""
    for part in path:
        if value is UNKNOWN:
            return UNKNOWN
        if isinstance(part, str):
            value = value.get(part) if isinstance(value, Mapping) else None
        else:
            value = value[part] if isinstance(value, Sequence) and part < len(value) else None
    return value


def text(value: Any, *path: Key, default: str = "") -> str | Unknown:
    """The text at a path."""
    found = text_or_none(value, *path)
    return default if found is None else found


def text_or_none(value: Any, *path: Key) -> str | Unknown | None:
    """The text at a path, None where there is none."""
    found = at(value, *path)
    return found if found is None or isinstance(found, str | Unknown) else str(found)


def number(value: Any, *path: Key, default: int = 0) -> int | Unknown:
    """The whole number at a path."""
    found = number_or_none(value, *path)
    return default if found is None else found


def number_or_none(value: Any, *path: Key) -> int | Unknown | None:
    """The whole number at a path, None where there is none."""
    found = at(value, *path)
    if found is None or isinstance(found, Unknown):
        return found
    try:
        return int(found)
    except (TypeError, ValueError):
        return None


def flag(value: Any, *path: Key, default: bool = False) -> bool | Unknown:
    """The truth value at a path."""
    found = at(value, *path)
    if isinstance(found, Unknown):
        return found
    return found if isinstance(found, bool) else default


def present(value: Any, *path: Key) -> bool | Unknown:
    """Whether anything stands at a path; an empty list or map is nothing."""
    found = at(value, *path)
    return UNKNOWN if found is UNKNOWN else bool(found)


def entries(value: Any, *path: Key) -> tuple[Any, ...] | Unknown:
    """The list at a path, empty where there is none."""
    found = at(value, *path)
    if isinstance(found, Unknown):
        return found
    return tuple(found) if isinstance(found, Sequence) and not isinstance(found, str) else ()


def mapping(value: Any, *path: Key) -> Mapping[str, Any] | Unknown:
    """The map at a path, empty where there is none."""
    found = at(value, *path)
    if isinstance(found, Unknown):
        return found
    return found if isinstance(found, Mapping) else {}


def texts(value: Any, *path: Key) -> tuple[str | Unknown, ...] | Unknown:
    """The list of texts at a path."""
    found = entries(value, *path)
    return found if isinstance(found, Unknown) else tuple(text(item) for item in found)
