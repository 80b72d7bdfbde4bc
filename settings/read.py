"""Reads YAML as YAML 1.2 has it, with neither duplicate keys nor surprises, and keeps the place of every value.

PyYAML's own resolver follows YAML 1.1, where `no` is a boolean and `22:30` the number 1350; Pulumi reads stack files by
YAML 1.2, and so do the people who write them.
"""

from __future__ import annotations

import copy
import math
import re
from collections.abc import Iterator, Mapping
from pathlib import Path as FilePath
from typing import Any, Final, TypeAlias

import yaml

from settings.document import Document
from settings.problem import Path, Position, Problem, SettingsError, shown

MAXIMUM_BYTES: Final = 1024 * 1024
MAXIMUM_DEPTH: Final = 40
MAXIMUM_VALUES: Final = 20_000
"""Far above what any system needs: they stop aliases that multiply and files that are no settings."""

# Python turns at most 4300 digits into a number; longer ones, and a leading zero (`007`), make text.
_INTEGER: Final = re.compile(r"[-+]?(0|[1-9][0-9]{0,999})")
_FLOAT: Final = re.compile(r"[-+]?(\.[0-9]+|(0|[1-9][0-9]*)(\.[0-9]*)?)([eE][-+]?[0-9]{1,3})?")
_WORDS: Final[Mapping[str, Any]] = {
    **dict.fromkeys(("~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_TEXT_TAG: Final = "tag:yaml.org,2002:str"
_Placed: TypeAlias = list[tuple[Path, Position]]
_Event: TypeAlias = Any
"""One of PyYAML's events. Its type stubs say that the marks may be missing; in parsed events they never are."""
_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read(file: FilePath, shown_as: str) -> Document:
    """Read one YAML file. Raises SettingsError with file, line and column when it is missing or not YAML."""
    start = Position(shown_as, 1, 1)
    try:
        if file.stat().st_size > MAXIMUM_BYTES:
            rule = f"the file is larger than {MAXIMUM_BYTES // 1024} KiB"
            raise SettingsError([Problem(start, (), rule, "it can hardly be a settings file")])
        text = file.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise SettingsError([Problem(start, (), "there is no such file", "create it")]) from None
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else error.reason
        rule = f"the file cannot be read: {reason}"
        raise SettingsError([Problem(start, (), rule, "make it readable text in UTF-8")]) from error
    return parse(text, shown_as)


def parse(text: str, shown_as: str) -> Document:
    """Parse YAML text; `shown_as` names it in positions. An empty text is a null.

    What is wrong with single values stands in the document's problems. Raises SettingsError where nothing can be read.
    """
    reader = _Reader(text, shown_as)
    try:
        return reader.document()
    except yaml.MarkedYAMLError as error:
        # Not chained: the original quotes the line, which may hold a secret.
        raise SettingsError([*reader.problems, _syntax(error, text, shown_as)]) from None
    except (yaml.YAMLError, UnicodeEncodeError):
        rule = "a character that YAML does not allow"
        raise SettingsError([Problem(Position(shown_as, 1, 1), (), rule, "save it as plain UTF-8 text")]) from None


def _syntax(error: yaml.MarkedYAMLError, text: str, shown_as: str) -> Problem:
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line, mark.column) if mark else (0, 0)
    lines = text.splitlines()
    indented = lines[line][: column + 1] if line < len(lines) else ""
    if "\t" in indented and not indented.strip():
        return Problem(Position(shown_as, line + 1, 1), (), "the line is indented with a tab", "use spaces")
    reason = " ".join(part for part in (error.context, error.problem) if part)
    rule = f"not valid YAML: {reason}"
    way_out = "check indentation, quotes, colons and brackets here and on the line before"
    return Problem(Position(shown_as, line + 1, column + 1), (), rule, way_out)


class _Reader:
    """Builds values from YAML's events: those tell explicit tags and empty values, and need no deep call stack."""

    def __init__(self, text: str, shown_as: str) -> None:
        self.shown_as = shown_as
        self.events: Iterator[_Event] = yaml.parse(text, Loader=_LOADER)
        self.placed: _Placed = []
        self.anchors: dict[str, tuple[Any, int, _Placed]] = {}
        self.open: set[str] = set()
        self.problems: list[Problem] = []

    def document(self) -> Document:
        next(self.events)
        if isinstance(next(self.events), yaml.StreamEndEvent):
            return Document(None, {(): Position(self.shown_as, 1, 1)})
        value = self._value(next(self.events), ())
        next(self.events)
        if isinstance(another := next(self.events), yaml.DocumentStartEvent):
            self._refuse(another, (), "a second document starts here", "keep one document in a file")
        return Document(value, dict(self.placed), tuple(self.problems))

    def _value(self, event: _Event, path: Path, place: Position | None = None) -> Any:
        self._note(path, place or self._place(event))
        if isinstance(event, yaml.AliasEvent):
            return self._alias(event, path)
        if event.tag and not (event.tag == _TEXT_TAG and isinstance(event, yaml.ScalarEvent)):
            self._refuse(event, path, f"the YAML tag {event.tag} is not supported", "write a plain value")
        if len(path) > MAXIMUM_DEPTH:
            rule, way_out = f"nested deeper than {MAXIMUM_DEPTH} levels", "no setting is that deep"
            raise SettingsError([*self.problems, Problem(self._place(event), path[:3], rule, way_out)])
        if not event.anchor:
            return self._plain(event, path)
        start = len(self.placed)
        self.open.add(event.anchor)
        value = self._plain(event, path)
        self.open.discard(event.anchor)
        self.anchors[event.anchor] = value, len(path), self.placed[start:]
        return value

    def _plain(self, event: _Event, path: Path) -> Any:
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(path)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(path)
        return self._scalar(event, path)

    def _mapping(self, path: Path) -> dict[str, Any]:
        value: dict[str, Any] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            key = self._key(event, path)
            if key in value:
                self._refuse(event, (*path, key), f"the key {shown(key)} stands here twice", "keep one of the two")
            item = self._value(next(self.events), (*path, key), self._place(event))
            value.setdefault(key, item)
        return value

    def _key(self, event: _Event, path: Path) -> str:
        if isinstance(event, yaml.ScalarEvent) and not event.tag and not event.anchor:
            return str(event.value)
        self._refuse(event, path, "a key is not plain text", "write the key out as text")
        place = self._place(event)
        self._value(event, (*path, str(place)))
        return str(place)

    def _sequence(self, path: Path) -> list[Any]:
        value: list[Any] = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            value.append(self._value(event, (*path, len(value))))
        return value

    def _alias(self, event: _Event, path: Path) -> Any:
        if event.anchor in self.open:
            self._refuse(event, path, f"*{event.anchor} refers to what it is a part of", "write the values out")
            return None
        if event.anchor not in self.anchors:
            self._refuse(event, path, f"*{event.anchor} has no &{event.anchor} before it", "write the values out")
            return None
        value, depth, placed = self.anchors[event.anchor]
        for inner, place in placed:
            self._note((*path, *inner[depth:]), place)
        return copy.deepcopy(value)

    def _scalar(self, event: _Event, path: Path) -> Any:
        text = event.value
        if event.style or event.tag:
            return text
        if not text:
            self._refuse(event, path, "there is no value", "write one; {} is an empty map, null takes a setting away")
            return None
        if text in _WORDS:
            return _WORDS[text]
        if _INTEGER.fullmatch(text):
            return int(text)
        if _FLOAT.fullmatch(text) and math.isfinite(number := float(text)):
            return number
        return text

    def _note(self, path: Path, place: Position) -> None:
        self.placed.append((path, place))
        if len(self.placed) > MAXIMUM_VALUES:
            rule = f"more than {MAXIMUM_VALUES} values"
            raise SettingsError([*self.problems, Problem(place, (), rule, "it can hardly be a settings file")])

    def _place(self, event: _Event) -> Position:
        return Position(self.shown_as, event.start_mark.line + 1, event.start_mark.column + 1)

    def _refuse(self, event: _Event, path: Path, rule: str, way_out: str) -> None:
        self.problems.append(Problem(self._place(event), path, rule, way_out))
