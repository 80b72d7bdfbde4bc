"""Finds planted secret values where they must not be in plain text."""

from __future__ import annotations

from typing import Any

Path = tuple[str | int, ...]


def finds(value: Any) -> list[str]:
    """The planted values inside `value`."""
    if isinstance(value, dict):
        return [found for item in value.values() for found in finds(item)]
    if isinstance(value, list):
        return [found for item in value for found in finds(item)]
    return [value] if isinstance(value, str) and "planted" in value else []


def plain_finds(value: Any, secrets: frozenset[Path], path: Path = ()) -> list[Path]:
    """The paths of planted values inside `value` that nothing marks as secret."""
    if path in secrets:
        return []
    if isinstance(value, dict):
        return [found for key, item in value.items() for found in plain_finds(item, secrets, (*path, key))]
    if isinstance(value, list):
        return [found for index, item in enumerate(value) for found in plain_finds(item, secrets, (*path, index))]
    return [path] if finds(value) else []
