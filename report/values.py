"""Property values as the engine writes them into its events, with its marks for secrets and unknowns made readable."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Any, Final


class Mark(Enum):
    """Stands for a value that is not in an event."""

    SECRET = "(secret)"  # noqa: S105  what is shown instead of one
    UNKNOWN = "(known after the deployment)"
    ABSENT = "(not set)"


Value = Any
"""None, a bool, a number, a text, a list or a mapping by text of values, or a Mark."""

_SIGNATURE: Final = "4dabf18193072939515e22adb298388d"
_SIGNED_SECRET: Final = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105  the engine's own mark, the same for all secrets
_SIGNED_ASSETS: Final = frozenset({"c44067f5952c0a294b673a41bacd8c17", "0def7320c3a5731c473e5ecbe6d01bc7"})
_UNKNOWNS: Final = frozenset(
    {
        "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
        "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
        "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
        "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
        "030794c1-ac77-496b-92df-f27374a8bd58",
        "e48ece36-62e2-4504-bad9-02848725956a",
        "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
    }
)
"""What the engine writes for an unknown bool, number, text, list, asset, archive and mapping (pulumi/pulumi
sdk/go/common/resource/plugin/rpc.go, v3.259.0, 2026-08)."""


def read_value(wire: Any) -> Value:
    """A value of an event with the engine's marks taken out; an asset becomes the first half of its hash."""
    if isinstance(wire, str):
        if wire in _UNKNOWNS:
            return Mark.UNKNOWN
        return Mark.SECRET if wire == "[secret]" else wire
    if isinstance(wire, list):
        return [read_value(item) for item in wire]
    if isinstance(wire, Mapping):
        signature = wire.get(_SIGNATURE)
        if signature == _SIGNED_SECRET:
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
