"""Finds the command lines that a Markdown page shows: in code between backticks, and in blocks."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from tools.commands.tree import PROGRAMS

_FENCE: Final = re.compile(r"^\s*(```+|~~~+)\s*(\w*)")
_SPAN: Final = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)")
_SEPARATORS: Final = re.compile(r"\|\||&&|[|;]|\$\(|(?<=\s)\(")
_BEFORE: Final = re.compile(r"^(?:\$ +|sudo +|\w+=\S* +|- +|run: *|xargs(?: +-\S+(?: +\d+)?)* +)+")
_QUOTING: Final = {"the document says", "in place of"}
"""What stands above a table's first column when that quotes others."""

_SHELLS: Final = {"sh", "bash", "shell", "console", "text", ""}


@dataclass(frozen=True)
class Shown:
    """One command line: where it stands, its program and the words after it."""

    line: int
    program: str
    words: tuple[str, ...]
    quoted: bool
    """Whether a table has it as what others say, which may not exist."""


def shown(text: str) -> Iterator[Shown]:
    """The command lines of flyctl, pulumi and doctl in a page, in order."""
    fence, shell, kept, start = "", False, "", 0
    heading = ""
    for number, line in enumerate(text.splitlines(), 1):
        found = _FENCE.match(line)
        if found and (not fence or line.strip() == fence):
            fence, shell = ("", False) if fence else (found[1], found[2].lower() in _SHELLS)
        elif fence and shell:
            start = start if kept else number
            kept += line.strip().removesuffix("\\")
            if not line.endswith("\\"):
                yield from _commands(kept, start, quoted=False)
                kept = ""
        elif not fence:
            cells = _cells(line)
            heading = "" if len(cells) == 1 else heading or cells[1].strip()
            for column, cell in enumerate(cells):
                quoted = column == 1 and heading in _QUOTING
                for span in _SPAN.finditer(cell):
                    yield from _commands(span[2].strip().replace("\\|", "|"), number, quoted=quoted)


def _cells(line: str) -> list[str]:
    """The cells of a table's row, with what stands before its first bar in front; another line is one cell."""
    return re.split(r"(?<!\\)\|", line) if line.lstrip().startswith("|") else [line]


def _commands(code: str, line: int, *, quoted: bool) -> Iterator[Shown]:
    for part in _SEPARATORS.split(code):
        command = _BEFORE.sub("", part.strip())
        name, _, rest = command.partition(" ")
        if name in PROGRAMS and (rest or command == code):
            yield Shown(line, name, tuple(_words(rest)), quoted)


def _words(rest: str) -> list[str]:
    """The words as a shell takes them. `[…]` around what may be left out falls away, as do redirections."""
    bare = re.sub(r"[\[\]]", "", re.sub(r"\s[12]?>.*|\s<(?!\w)\s*\S+.*|\)+$", "", rest))
    try:
        return shlex.split(bare, comments=True)
    except ValueError:
        return bare.split()
