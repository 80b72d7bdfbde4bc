"""Names as the vendors' APIs spell them and as the engine's providers do."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any


def renamed(value: Any, rename: Callable[[str], str]) -> Any:
    """A JSON value with every key renamed, and without what is null."""
    if isinstance(value, dict):
        return {rename(key): renamed(item, rename) for key, item in value.items() if item is not None}
    if isinstance(value, list):
        return [renamed(item, rename) for item in value]
    return value


def snake_case(name: str) -> str:
    """`instance_count` of `instanceCount`."""
    return re.sub(r"(?<=[a-z0-9])([A-Z])", lambda found: f"_{found[1].lower()}", name)


def camel_case(name: str) -> str:
    """`instanceCount` of `instance_count`."""
    return re.sub(r"_([a-z])", lambda found: found[1].upper(), name)
