"""What is wrong with the settings, said so that a person can mend it: where, what, which rule, which way out."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar, Final

Path = tuple[str | int, ...]
"""Where a value stands in a document: keys and list positions from the top."""

_SHOWN_CHARACTERS: Final = 60


def dotted(path: Path) -> str:
    """`("app", "domains", 0, "name")` → `app.domains[0].name`."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
        else:
            name = part if part.isprintable() and len(part) <= _SHOWN_CHARACTERS else shown(part)
            text += f".{name}" if text else name
    return text


def shown(value: Any) -> str:
    """A value as it is named in a message: on one line, text in quotes, cut when it is long."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    if len(text) <= _SHOWN_CHARACTERS:
        return text
    return text[:_SHOWN_CHARACTERS] + ('…"' if isinstance(value, str) else "…")


@dataclass(frozen=True)
class Position:
    """A place in a file; line and column count from 1."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True)
class Broken:
    """A rule that a model's values break. Paths start at the model that found it.

    `path` is the value to mend, `compared` the others that the rule looked at: where one of those is wrong by itself,
    the rule has nothing to say yet.
    """

    path: Path
    rule: str
    way_out: str
    compared: tuple[Path, ...] = ()


@dataclass(frozen=True)
class Problem:
    """One thing to mend in a settings file."""

    position: Position
    path: Path
    rule: str
    way_out: str

    def __str__(self) -> str:
        where = f"{self.position}: {dotted(self.path)}" if self.path else str(self.position)
        return f"{where}: {self.rule}; {self.way_out}" if self.way_out else f"{where}: {self.rule}"


class SettingsError(Exception):
    """The settings cannot be used; carries every problem found, by file, line and column.

    A fault in a file that several systems extend is one problem, not one for each of them.
    """

    subject: ClassVar[str] = "the settings"
    """What has the problems."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        places: dict[tuple[Position, str, str], Problem] = {}
        for problem in problems:
            places.setdefault((problem.position, problem.rule, problem.way_out), problem)
        self.problems = tuple(sorted(places.values(), key=_place_and_text))
        super().__init__(str(self))

    def __str__(self) -> str:
        count = len(self.problems)
        heading = f"{count} problem{'s' if count > 1 else ''} in {self.subject}"
        return "\n".join([f"{heading}:", *(f"  {problem}" for problem in self.problems)])


def _place_and_text(problem: Problem) -> tuple[str, int, int, str]:
    return problem.position.file, problem.position.line, problem.position.column, str(problem)


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that `word` was probably meant to be."""
    return next(iter(difflib.get_close_matches(word, sorted(known), n=1, cutoff=0.6)), None)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """`did you mean "replicas"?`, or the known words when none is near (at most twelve), or nothing at all."""
    words = sorted(known)
    if near := nearest(word, words):
        return f'did you mean "{near}"?'
    if not words:
        return ""
    listed = ", ".join(words[:12])
    return f"known here: {listed}" + (", …" if len(words) > 12 else "")
