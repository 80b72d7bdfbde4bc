"""What is wrong with the settings, said so that a person can mend it: where, what, which rule, which way out."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

Path = tuple[str | int, ...]
"""Where a value stands in a document: keys and list positions from the top."""


def dotted(path: Path) -> str:
    """`("app", "domains", 0, "name")` → `app.domains[0].name`."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
        else:
            text += f".{part}" if text else part
    return text


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
    """A rule that a model's values break. `path` starts at the model that found it."""

    path: Path
    rule: str
    way_out: str


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
    """The settings cannot be used; carries every problem found, in the order of the files."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems), key=lambda p: (p.position.file, p.position.line, str(p))))
        super().__init__(str(self))

    def __str__(self) -> str:
        count = len(self.problems)
        heading = "1 problem in the settings" if count == 1 else f"{count} problems in the settings"
        return "\n".join([f"{heading}:", *(f"  {problem}" for problem in self.problems)])


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """`did you mean "replicas"?`, or the known words when none is near (at most twelve), or nothing at all."""
    words = sorted(known)
    near = difflib.get_close_matches(word, words, n=1, cutoff=0.6)
    if near:
        return f'did you mean "{near[0]}"?'
    if not words:
        return ""
    shown = ", ".join(words[:12])
    return f"known here: {shown}" + (", …" if len(words) > 12 else "")
