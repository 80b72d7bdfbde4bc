"""Which keys differ between two fly.toml, one dotted path each: "5m" and "5m0s" are the same time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal

from fly.config.section import seconds

Kind = Literal["add", "delete", "update"]
_DURATIONS = {
    "kill_timeout",
    "wait_timeout",
    "release_command_timeout",
    "interval",
    "timeout",
    "grace_period",
}


def differences(path: str, old: object, new: object) -> Iterator[tuple[str, Kind]]:
    """The deepest paths that differ, in the notation of Pulumi's property paths."""
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for key in sorted({*old, *new}):
            at = f"{path}.{key}" if str(key).isidentifier() else f'{path}["{key}"]'
            yield from _entry(at, old, new, key)
    elif isinstance(old, list) and isinstance(new, list):
        for index in range(max(len(old), len(new))):
            yield from _entry(f"{path}[{index}]", dict(enumerate(old)), dict(enumerate(new)), index)
    elif not _same(path, old, new):
        yield path, "update"


def _entry(
    at: str, old: Mapping[object, object], new: Mapping[object, object], key: object
) -> Iterator[tuple[str, Kind]]:
    if key not in old:
        yield at, "add"
    elif key not in new:
        yield at, "delete"
    else:
        yield from differences(at, old[key], new[key])


def _same(path: str, old: object, new: object) -> bool:
    if isinstance(old, str) and isinstance(new, str) and path.rpartition(".")[2] in _DURATIONS:
        try:
            return seconds(old) == seconds(new)
        except ValueError:
            return old == new
    return old == new and isinstance(old, bool) == isinstance(new, bool)
