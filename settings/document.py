"""A document of settings: a value and the place of every part of it; one document can be laid over another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from settings.problem import Path, Position, Problem


@dataclass(frozen=True)
class Document:
    """A value read from YAML (maps, lists, text, numbers, booleans, null) and where each part of it stands."""

    value: Any
    positions: Mapping[Path, Position] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    """What is wrong with the writing; the value at the path of such a problem means nothing."""

    def position(self, path: Path) -> Position:
        """The place of a value; of the nearest one around it where the value itself is missing."""
        for length in range(len(path), -1, -1):
            if found := self.positions.get(path[:length]):
                return found
        return Position("<settings>", 1, 1)

    def at(self, *path: str | int) -> Document:
        """The part of the document under `path`; an empty map where there is none."""
        value = self.value
        for part in path:
            try:
                value = value[part]
            except (KeyError, IndexError, TypeError):
                return Document({}, {(): self.position(path)})
        size = len(path)
        inside = {key[size:]: place for key, place in self.positions.items() if key[:size] == path}
        return Document(value, {(): self.position(path), **inside})

    def without(self, key: str) -> Document:
        """The same map without one of its keys."""
        value = {name: item for name, item in self.value.items() if name != key}
        positions = {path: place for path, place in self.positions.items() if path[:1] != (key,)}
        return Document(value, positions, self.problems)

    def merged(self, over: Document) -> Document:
        """This document with `over` laid on top.

        Maps merge deeply; anything else (lists, too) replaces what was there.
        """
        problems = (*self.problems, *over.problems)
        if not (isinstance(self.value, dict) and isinstance(over.value, dict)):
            return replace(over, problems=problems)
        value, positions = dict(self.value), dict(self.positions)
        for key in over.value:
            part = self.at(key).merged(over.at(key)) if key in value else over.at(key)
            positions = {path: place for path, place in positions.items() if path[:1] != (key,)}
            positions |= {(key, *path): place for path, place in part.positions.items()}
            value[key] = part.value
        if () in over.positions:
            positions.setdefault((), over.positions[()])
        return Document(value, positions, problems)
