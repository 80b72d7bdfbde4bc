"""Lays changes over something sound."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def merged(base: Any, changes: Any) -> Any:
    """`base` with `changes` over it: maps deeply, where None takes a key away; anything else is replaced."""
    if isinstance(base, Mapping) and isinstance(changes, Mapping):
        both = {**base, **{key: merged(base.get(key), value) for key, value in changes.items()}}
        return {key: value for key, value in both.items() if value is not None}
    return changes
