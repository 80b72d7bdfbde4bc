"""A page of Markdown that keeps to a length: tables take rows as long as their budget lasts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from report.secrecy import masked

_SPECIAL: Final = re.compile(r"[\\`*_\[\]~#$&<>@|]")
_ENTITIES: Final = frozenset("`#&<>@|")
"""What a backslash does not keep from being read as markup, a mention or a cell's end."""

_LONGEST: Final = 1_200
"""Of one cell, in bytes."""
_REST: Final = 120
"""What the line about left out rows takes at the most."""


class Page:
    """The text so far. Lengths are in bytes, which are never fewer than the characters that forges count."""

    def __init__(self, *, whole: bool, secrets: frozenset[str]) -> None:
        self.left_out = 0
        """Rows that did not fit."""
        self._whole = whole
        self._secrets = secrets
        self._blocks: list[str] = []

    @property
    def text(self) -> str:
        """All blocks, with an empty line between them."""
        return "\n\n".join(self._blocks) + "\n"

    def add(self, block: str) -> None:
        """A block of a length that the caller knows to be bounded."""
        self._blocks.append(masked(block, self._secrets))

    def table(
        self, budget: int, title: str, head: Sequence[str], rows: Iterable[Sequence[str]], *, folded: bool = False
    ) -> None:
        """A table of escaped cells below its title, of at most `budget` bytes; nothing where there is no row."""
        lines = [masked(f"| {' | '.join(map(_cut, row))} |", self._secrets) for row in rows]
        if not lines:
            return
        top = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
        frame = f"<details><summary>{title}</summary>\n\n\n\n</details>" if folded else f"### {title}\n\n"
        fitting = len(lines) if self._whole else _fitting(lines, budget - _size("\n".join([frame, *top])) - _REST)
        shown = "\n".join([*top, *lines[:fitting]])
        if missing := len(lines) - fitting:
            self.left_out += missing
            shown += f"\n\n{missing} more rows are in the whole report."
        self._blocks.append(fold(title, shown) if folded else f"### {title}\n\n{shown}")


def fold(title: str, text: str) -> str:
    """A block that opens on a click."""
    return f"<details><summary>{title}</summary>\n\n{text}\n\n</details>"


def plain(text: str) -> str:
    """Text that is shown as it is: no markup, no mention of a person, no end of a table's cell."""
    return _SPECIAL.sub(_escaped, " ".join(text.split()))


def _escaped(found: re.Match[str]) -> str:
    character = found[0]
    return f"&#{ord(character)};" if character in _ENTITIES else f"\\{character}"


def code(text: str) -> str:
    """Text in a fixed-width font, in which nothing has a meaning."""
    flat = " ".join(text.split()).replace("|", "\\|")
    if not flat:
        return ""
    fence = "`" * (max((len(run) for run in re.findall("`+", flat)), default=0) + 1)
    gap = " " if len(fence) > 1 or flat.startswith("`") else ""
    return f"{fence}{gap}{flat}{gap}{fence}"


def _fitting(lines: Sequence[str], budget: int) -> int:
    """How many of the lines are no longer than the budget together."""
    for index, line in enumerate(lines):
        budget -= _size(line) + 1
        if budget < 0:
            return index
    return len(lines)


def _cut(cell: str) -> str:
    """The cell without its end, where it is too long to be read in a table."""
    if _size(cell) <= _LONGEST:
        return cell
    whole, size = [], 0
    for part in cell.split("<br>"):
        size += _size(part) + 4
        if size > _LONGEST - 10:
            break
        whole.append(part)
    return "<br>".join([*whole, "…"])


def _size(text: str) -> int:
    return len(text.encode())
