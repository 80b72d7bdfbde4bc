"""What would change, as a bridged Terraform provider tells it: the program's inputs against the recorded state."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from sandbox import paths
from sandbox.paths import Path
from sandbox.resource import ResourceType
from sandbox.sdk_types import ListOf, MapOf, Record, Shape, inputs
from sandbox.values import UNKNOWN, Properties, has_unknown


class Kind(enum.Enum):
    ADD = "add"
    DELETE = "delete"
    UPDATE = "update"


class Change(NamedTuple):
    """One property that differs, and whether that replaces the resource."""

    path: Path
    kind: Kind
    replaces: bool


def with_defaults(type_: ResourceType, properties: Properties) -> Properties:
    """The inputs with what the provider itself adds for absent ones (a deep copy)."""
    full: Properties = _copy(properties)
    for pattern, value in type_.defaults.items():
        *holder, name = paths.parse(pattern)
        for path in paths.expand(tuple(holder), full):
            target = paths.lookup(full, path)
            if isinstance(target, dict) and target.get(str(name)) is None:
                target[str(name)] = _copy(value)
    return full


def diff(type_: ResourceType, news: Properties, state: Properties, ignored: Iterable[str] = ()) -> list[Change]:
    """The changes from the state (a resource's last outputs) to the new inputs.

    Absent and empty are the same. A property that the program leaves out and the cloud computes is no change; one
    that the program leaves out and that somebody set is a deletion. Changes under an `ignored` path are left out.
    """
    skip = [paths.parse(text) for text in ignored]
    walker = _Walker(type_)
    found = walker.walk(inputs(type_.pulumi_type), with_defaults(type_, news), state, ())
    return [
        Change(path, kind, walker.replaces(path))
        for path, kind in found
        if not any(paths.covers(pattern, path) for pattern in skip)
    ]


def _copy(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _copy(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_copy(item) for item in value]
    return value


def _empty(value: Any) -> bool:
    return value is None or value is False or value in ("", 0, [], {})


_Found = Iterator[tuple[Path, Kind]]


class _Walker:
    def __init__(self, type_: ResourceType) -> None:
        self._computed = [paths.parse(text) for text in type_.computed]
        self._sets = [paths.parse(text) for text in type_.sets]
        self._replacing = [paths.parse(text) for text in type_.replaces]

    def replaces(self, path: Path) -> bool:
        return any(paths.covers(pattern, path) for pattern in self._replacing)

    def walk(self, shape: Shape, new: Any, old: Any, path: Path) -> _Found:
        if new is UNKNOWN:
            yield path, Kind.UPDATE
        elif _empty(new) and _empty(old):
            return
        elif new is None:
            if not any(paths.names(pattern, path) for pattern in self._computed):
                yield path, Kind.DELETE
        elif old is None:
            yield path, Kind.ADD
        elif isinstance(new, dict) and isinstance(old, dict):
            yield from self._walk_object(shape, new, old, path)
        elif isinstance(new, list) and isinstance(old, list):
            yield from self._walk_list(shape, new, old, path)
        elif new != old:
            yield path, Kind.UPDATE

    def _walk_object(self, shape: Shape, new: Properties, old: Properties, path: Path) -> _Found:
        if isinstance(shape, Record):
            for key, field in shape.fields.items():
                yield from self.walk(field.shape, new.get(key), old.get(key), (*path, key))
            return
        item = shape.item if isinstance(shape, MapOf) else shape
        for key in {**new, **old}:
            yield from self.walk(item, new.get(key), old.get(key), (*path, key))

    def _walk_list(self, shape: Shape, new: Sequence[Any], old: Sequence[Any], path: Path) -> _Found:
        item = shape.item if isinstance(shape, ListOf) else shape
        if any(paths.names(pattern, path) for pattern in self._sets):
            pairs = self._pair(item, new, old, path)
        else:
            longest = max(len(new), len(old))
            pairs = [
                (index, new[index] if index < len(new) else None, old[index] if index < len(old) else None)
                for index in range(longest)
            ]
        for index, wanted, found in pairs:
            yield from self.walk(item, wanted, found, (*path, index))

    def _pair(self, shape: Shape, new: Sequence[Any], old: Sequence[Any], path: Path) -> list[tuple[int, Any, Any]]:
        """Elements of a set, each with its counterpart: an equal one, else one of the same key or name."""
        left = list(old)
        pairs: list[tuple[int, Any, Any]] = []
        unmatched: list[tuple[int, Any]] = []
        for index, wanted in enumerate(new):
            twin = next((item for item in left if not list(self.walk(shape, wanted, item, (*path, index)))), None)
            if twin is None:
                unmatched.append((index, wanted))
            else:
                left.remove(twin)
        for index, wanted in unmatched:
            twin = next((item for item in left if _label(item) is not None and _label(item) == _label(wanted)), None)
            if twin is not None:
                left.remove(twin)
            pairs.append((index, wanted, twin))
        return pairs + [(len(new) + extra, None, item) for extra, item in enumerate(left)]


def _label(item: Any) -> Any:
    if not isinstance(item, dict) or has_unknown(item.get("key")):
        return None
    return item.get("key") or item.get("name")
