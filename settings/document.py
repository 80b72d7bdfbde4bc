"""YAML as the settings read it: YAML 1.2 scalars only, no duplicate keys, and the place of every value kept.

PyYAML's own resolver follows YAML 1.1, where `no` is a boolean and `22:30` the number 1350; Pulumi reads stack files by
YAML 1.2, and so do the people who write them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import Any, Final

import yaml

from settings.problem import Path, Position, Problem, SettingsError

_INTEGER: Final = re.compile(r"[-+]?(0|[1-9][0-9]*)$")
_FLOAT: Final = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$")
_WORDS: Final[Mapping[str, Any]] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_LEADING_ZERO: Final = re.compile(r"[-+]?0[0-9]")
_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class Document:
    """A value read from YAML (maps, lists, text, numbers, booleans, null) and where each part of it stands."""

    value: Any
    positions: Mapping[Path, Position] = field(default_factory=dict)

    def position(self, path: Path) -> Position:
        """The place of a value; of the nearest one around it where the value itself is missing."""
        for length in range(len(path), -1, -1):
            if found := self.positions.get(path[:length]):
                return found
        return Position("<settings>", 1, 1)

    def at(self, *path: str | int) -> Document:
        """The part of the document under `path`; empty where there is none."""
        value = self.value
        for part in path:
            try:
                value = value[part]
            except (KeyError, IndexError, TypeError):
                return Document({}, {(): self.position(path)})
        size = len(path)
        positions = {key[size:]: place for key, place in self.positions.items() if key[:size] == path}
        return Document(value, positions)

    def merged(self, over: Document) -> Document:
        """This document with `over` laid on top: maps merge deeply, anything else (lists too) is replaced."""
        if not (isinstance(self.value, dict) and isinstance(over.value, dict)):
            return over
        value, positions = dict(self.value), dict(self.positions)
        for key, new in over.value.items():
            if isinstance(new, dict) and isinstance(value.get(key), dict):
                part = self.at(key).merged(over.at(key))
            else:
                part = over.at(key) if new is not None else Document(None, over.at(key).positions)
            positions = {path: place for path, place in positions.items() if path[:1] != (key,)}
            positions |= {(key, *path): place for path, place in part.positions.items()}
            value[key] = part.value
        if () not in positions and () in over.positions:
            positions[()] = over.positions[()]
        return Document(value, positions)


def read(file: FilePath, shown_as: str) -> Document:
    """Read one YAML file. Raises SettingsError with file, line and column when it is missing or not YAML."""
    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise SettingsError([Problem(Position(shown_as, 1, 1), (), "there is no such file", "create it")]) from None
    except (OSError, UnicodeDecodeError) as error:
        problem = Problem(Position(shown_as, 1, 1), (), f"cannot be read: {error}", "make it readable UTF-8 text")
        raise SettingsError([problem]) from error
    return parse(text, shown_as)


def parse(text: str, shown_as: str) -> Document:
    """Parse YAML text; `shown_as` names it in positions. Raises SettingsError."""
    try:
        root = yaml.compose(text, Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        reason = " ".join(part for part in (error.context, error.problem) if part)
        problem = Problem(Position(shown_as, line, column), (), f"is not YAML: {reason}", "mend the syntax")
        raise SettingsError([problem]) from error
    except yaml.YAMLError as error:
        problem = Problem(Position(shown_as, 1, 1), (), f"is not YAML: {error}", "mend the syntax")
        raise SettingsError([problem]) from error
    if root is None:
        return Document({}, {(): Position(shown_as, 1, 1)})
    builder = _Builder(shown_as)
    value = builder.build(root, (), ())
    if builder.problems:
        raise SettingsError(builder.problems)
    return Document(value, builder.positions)


class _Builder:
    def __init__(self, shown_as: str) -> None:
        self.shown_as = shown_as
        self.positions: dict[Path, Position] = {}
        self.problems: list[Problem] = []

    def build(self, node: yaml.Node, path: Path, inside: tuple[yaml.Node, ...]) -> Any:
        self.positions.setdefault(path, self._place(node))
        if node in inside:
            self._refuse(node, path, "an alias refers to what it is part of", "write the values out")
            return None
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path, (*inside, node))
        if isinstance(node, yaml.SequenceNode):
            return [self.build(item, (*path, index), (*inside, node)) for index, item in enumerate(node.value)]
        if isinstance(node, yaml.ScalarNode):
            return self._scalar(node, path)
        raise TypeError(f"unknown YAML node {type(node).__name__}")

    def _mapping(self, node: yaml.MappingNode, path: Path, inside: tuple[yaml.Node, ...]) -> dict[str, Any]:
        value: dict[str, Any] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                self._refuse(key_node, path, "a key is not plain text", "use text as key")
                continue
            key = key_node.value
            if key in value:
                self._refuse(key_node, (*path, key), f'the key "{key}" stands here twice', "keep one of the two")
                continue
            self.positions[(*path, key)] = self._place(key_node)
            value[key] = self.build(value_node, (*path, key), inside)
        return value

    def _scalar(self, node: yaml.ScalarNode, path: Path) -> Any:
        text = node.value
        if node.tag in {"tag:yaml.org,2002:binary", "!"} or (node.tag or "").startswith("!"):
            self._refuse(node, path, f"the YAML tag {node.tag} is not supported", "write a plain value")
            return None
        if node.style:
            return text
        if text in _WORDS:
            return _WORDS[text]
        if _INTEGER.match(text):
            return int(text)
        if _FLOAT.match(text) and not _LEADING_ZERO.match(text):
            return float(text)
        return text

    def _place(self, node: yaml.Node) -> Position:
        return Position(self.shown_as, node.start_mark.line + 1, node.start_mark.column + 1)

    def _refuse(self, node: yaml.Node, path: Path, rule: str, way_out: str) -> None:
        self.problems.append(Problem(self._place(node), path, rule, way_out))
