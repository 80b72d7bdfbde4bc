"""Property values as the engine writes them into its events, with its marks for secrets and unknowns made readable."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Any, Final

from inventory.marks import SECRET, SIGNATURE, UNKNOWNS


class Mark(Enum):
    """Stands for a value that is not in an event."""

    SECRET = "(secret)"  # noqa: S105  what is shown instead of one
    UNKNOWN = "(known after the deployment)"
    ABSENT = "(not set)"


Value = Any
"""None, a bool, a number, a text, a list or a mapping by text of values, or a Mark."""

_SIGNED_ASSETS: Final = frozenset({"c44067f5952c0a294b673a41bacd8c17", "0def7320c3a5731c473e5ecbe6d01bc7"})


def read_value(wire: Any) -> Value:
    """A value of an event with the engine's marks taken out; an asset becomes the first half of its hash."""
    if isinstance(wire, str):
        if wire in UNKNOWNS:
            return Mark.UNKNOWN
        return Mark.SECRET if wire == "[secret]" else wire
    if isinstance(wire, list):
        return [read_value(item) for item in wire]
    if isinstance(wire, Mapping):
        signature = wire.get(SIGNATURE)
        if signature == SECRET:
            return Mark.SECRET
        if signature in _SIGNED_ASSETS:
            return f"file {str(wire.get('hash', ''))[:32]}"
        return {str(name): read_value(item) for name, item in wire.items()}
    return wire


def at(value: Value, *path: str | int) -> Value:
    """What lies at `path` in `value`, or Mark.ABSENT; below a mark lies that mark."""
    for part in path:
        if isinstance(value, Mark):
            return value
        if isinstance(value, Mapping):
            value = value.get(str(part), Mark.ABSENT)
        elif isinstance(value, list) and isinstance(part, int) and part < len(value):
            value = value[part]
        else:
            return Mark.ABSENT
    return value


def text(value: Value) -> str:
    """A single value as people read it."""
    return str(value.value if isinstance(value, Mark) else value)
