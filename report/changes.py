"""What changes, in plain words: one entry a resource, with what matters about it, and what it puts at risk."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from report.difference import Difference, Path, differences
from report.pattern import engine_path
from report.preview import Drifted, Operation, Preview, Properties, Resource
from report.risk import Danger, Risk, dangers
from report.sealing import Sealed, sealed
from report.secrecy import MASK, masked, names_secret
from report.values import Mark, Value, at, text
from report.words import words_for
from report.words.words import Words

_LONGEST: Final = 160
_AROUND: Final = 24
_SYSTEM: Final = "slipway:index:System"
_ZONE: Final = "slipway:index:ZoneEdge"


@dataclass(frozen=True)
class Line:
    """One property that changes. `old` and `new` are as shown; both are None where only the fact may be told."""

    label: str
    old: str | None
    new: str | None

    def __str__(self) -> str:
        if self.old is None and self.new is None:
            return f"{self.label}: changed"
        if self.old is None:
            return f"{self.label}: added ({self.new})"
        if self.new is None:
            return f"{self.label}: removed (was {self.old})"
        return f"{self.label}: {self.old} → {self.new}"


@dataclass(frozen=True)
class Change:
    """What happens to one resource."""

    urn: str
    type: str
    operation: Operation
    system: str
    """The system it belongs to, or the zone that several systems share."""
    noun: str
    title: str
    lines: tuple[Line, ...]
    facts: tuple[str, ...]
    dangers: tuple[Danger, ...]

    @property
    def risk(self) -> Risk | None:
        """The heaviest of its risks."""
        return self.dangers[0].risk if self.dangers else None

    @property
    def sentences(self) -> tuple[str, ...]:
        """What matters: what it is, or was, and what differs."""
        return (*self.facts, *map(str, self.lines))


@dataclass(frozen=True)
class Moved:
    """What is otherwise at a cloud than the last deployment left it."""

    urn: str
    system: str
    noun: str
    title: str
    gone: bool
    lines: tuple[Line, ...]


def changes(preview: Preview) -> tuple[Change, ...]:
    """Every change of the preview, those with the heaviest risk first."""
    systems = systems_of(preview)
    found = [_change(resource, systems.get(resource.urn, ""), preview.secrets) for resource in preview.changed]
    return tuple(sorted(found, key=_weight))


def moves(preview: Preview) -> tuple[Moved, ...] | None:
    """What drifted; None where the preview did not look."""
    if preview.drifted is None:
        return None
    systems = systems_of(preview)
    return tuple(_moved(drifted, systems.get(drifted.urn, ""), preview.secrets) for drifted in preview.drifted)


def systems_of(preview: Preview) -> dict[str, str]:
    """By URN: the name of the system, or of the shared zone, that a resource is part of."""
    parents = {part.urn: part.parent for part in preview.resources}
    tops = {part.urn: part.name for part in preview.resources if part.type in {_SYSTEM, _ZONE}}
    found = {}
    for urn in parents:
        above: str | None = urn
        while above and above not in tops:
            above = parents.get(above)
        found[urn] = tops[above] if above else ""
    return found


def _weight(change: Change) -> tuple[int, int, str, str, str, str]:
    risks, operations = list(Risk), list(Operation)
    risk = risks.index(change.risk) if change.risk else len(risks)
    return risk, operations.index(change.operation), change.system, change.noun, change.title, change.urn


def _change(resource: Resource, system: str, secrets: frozenset[str]) -> Change:
    words = words_for(resource.type)
    found = _differences(resource) if resource.old is not None and resource.new is not None else []
    facts = () if resource.operation is Operation.UPDATE else tuple(words.facts(_shown_properties(resource.properties)))
    return Change(
        urn=resource.urn,
        type=resource.type,
        operation=resource.operation,
        system=system,
        noun=words.noun,
        title=_title(words, resource.properties, resource.name, secrets),
        lines=_lines(words, found, secrets),
        facts=tuple(_cut(masked(fact, secrets)) for fact in facts if fact),
        dangers=dangers(resource, found),
    )


def _moved(drifted: Drifted, system: str, secrets: frozenset[str]) -> Moved:
    words = words_for(drifted.type)
    found = _merged(drifted.old, drifted.new, drifted.changed_paths) if drifted.new is not None else []
    title = _title(words, drifted.old, drifted.urn.rpartition("::")[2], secrets)
    return Moved(drifted.urn, system, words.noun, title, drifted.new is None, _lines(words, found, secrets))


def _title(words: Words, properties: Properties, name: str, secrets: frozenset[str]) -> str:
    title = words.called(_shown_properties(properties))
    return masked(name if not title or Mark.UNKNOWN.value in title or Mark.ABSENT.value in title else title, secrets)


def _differences(resource: Resource) -> list[Difference]:
    return _merged(resource.old or {}, resource.new or {}, resource.changed_paths)


def _merged(old: Properties, new: Properties, paths: tuple[str, ...]) -> list[Difference]:
    """What differs in the inputs, and what the provider sees to differ where both are secret."""
    found = list(differences(sealed(old), sealed(new)))
    found += (
        Difference(path, Mark.SECRET, Mark.SECRET)
        for path in map(engine_path, paths)
        if _value(old, path) is Mark.SECRET and _value(new, path) is Mark.SECRET
    )
    return found


def _value(properties: Value, path: Path) -> Value:
    return at(properties, *(int(part) if part.isdigit() else part for part in path))


def _lines(words: Words, found: list[Difference], secrets: frozenset[str]) -> tuple[Line, ...]:
    return tuple(dict.fromkeys(_line(words, difference, secrets) for difference in found))


def _line(words: Words, difference: Difference, secrets: frozenset[str]) -> Line:
    path, old, new = difference.path, difference.old, difference.new
    label = masked(words.label(path), secrets)
    if words.hides(path) or old is new is Mark.SECRET:
        return Line(label, None, None)
    before, after = (masked(_shown(words, value, path), secrets) for value in (old, new))
    if before == after:
        return Line(label, None, None)
    before, after = _excerpts(before, after)
    return Line(label, None if old is Mark.ABSENT else before, None if new is Mark.ABSENT else after)


def _shown_properties(properties: Properties) -> Properties:
    shown = sealed(properties)
    return shown if isinstance(shown, Mapping) else {}


def _shown(words: Words, value: Value, path: Path) -> str:
    """A value for people: what may be secret by any name on the way to it is not shown."""
    below_secret = any(names_secret(part) for part in path)
    if below_secret and isinstance(value, str | list | Mapping):
        return MASK
    if isinstance(value, Mark | Sealed) or value is None:
        return _words(value)
    way = words.written(path)
    return " ".join(filter(None, [way(value) if way else _words(value), words.unit(path)]))


def _words(value: Value) -> str:
    if isinstance(value, Mark):
        return str(value.value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None:
        return str(Mark.ABSENT.value)
    if isinstance(value, int | float):
        return f"{value:,}"
    if isinstance(value, list) and not any(isinstance(item, Mapping | list) for item in value):
        return ", ".join(map(_words, value)) or "nothing"
    if isinstance(value, Mapping | list):
        return json.dumps(value, ensure_ascii=False, sort_keys=True, default=text)
    return " ".join(str(value).split()) or '""'


def _excerpts(old: str, new: str) -> tuple[str, str]:
    """Both texts, of long ones only where they differ."""
    if max(len(old), len(new)) <= _LONGEST:
        return old, new
    shorter = min(len(old), len(new))
    start = next((index for index in range(shorter) if old[index] != new[index]), shorter)
    end = next((index for index in range(shorter - start) if old[-1 - index] != new[-1 - index]), shorter - start)
    return _excerpt(old, start, end), _excerpt(new, start, end)


def _excerpt(text: str, start: int, end: int) -> str:
    first, last = max(0, start - _AROUND), min(len(text), len(text) - end + _AROUND)
    return _cut(f"{'…' if first else ''}{text[first:last]}{'…' if last < len(text) else ''}")


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
