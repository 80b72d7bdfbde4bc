"""What a type of resource and its properties are called in plain words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from report.difference import ORDER, Path
from report.pattern import match
from report.preview import Properties
from report.values import Value


def _nothing(_: Properties) -> Iterable[str]:
    return ()


def _unnamed(_: Properties) -> str:
    return ""


@dataclass(frozen=True)
class Words:
    """The words for one type."""

    noun: str
    """Such as `volume`, in the platform's own terms."""
    called: Callable[[Properties], str] = _unnamed
    """What people call such a resource, from its properties; empty for the name in the program."""
    facts: Callable[[Properties], Iterable[str]] = _nothing
    """What matters about one that is created, deleted or replaced, a few words each."""
    labels: Mapping[str, str] = field(default_factory=dict)
    """By pattern of a path (report/pattern.py): what is there, `{0}` being what its first `*` stands for."""
    units: Mapping[str, str] = field(default_factory=dict)
    """By pattern: the unit of a number there."""
    shown: Mapping[str, Callable[[Value], str]] = field(default_factory=dict)
    """By pattern: how a value there is written, unless it is a mark."""
    hidden: tuple[str, ...] = ()
    """Patterns of what only ever counts as changed, such as digests of secrets."""

    def label(self, path: Path) -> str:
        """What the property at `path` is called; the path itself where there is no word for it."""
        if path[-1:] == (ORDER,):
            return f"order of {self.label(path[:-1])}"
        for pattern, words in self.labels.items():
            parts = match(pattern, path)
            if parts is not None:
                return words.format(*parts)
        return ".".join(path)

    def unit(self, path: Path) -> str:
        """The unit of the number at `path`, or nothing."""
        return next((unit for pattern, unit in self.units.items() if match(pattern, path) is not None), "")

    def written(self, path: Path) -> Callable[[Value], str] | None:
        """How the value at `path` is written, where there is a way of its own."""
        if path[-1:] == (ORDER,):
            return None
        return next((way for pattern, way in self.shown.items() if match(pattern, path) is not None), None)

    def hides(self, path: Path) -> bool:
        """Whether what is at `path` is never shown."""
        return any(match(pattern, path) is not None for pattern in self.hidden)
