"""Versions of programs: asking for them and comparing them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from tools.engine import command

# `flyctl version` takes 0.1 s; a shim that installs something first must not hold up set-up for long.
ASK_TIMEOUT_SECONDS = 20.0


def parse(text: str) -> tuple[int, int, int] | None:
    """The first `1.2.3` in a text, as numbers; None when there is none."""
    found = re.search(r"\bv?(\d+)\.(\d+)\.(\d+)", text)
    return (int(found[1]), int(found[2]), int(found[3])) if found else None


def ask(program: Path, arguments: Sequence[str]) -> tuple[int, int, int] | None:
    """What the program says to `arguments`, or None when it does not answer with a version."""
    return parse(command.first_line([program, *arguments], ASK_TIMEOUT_SECONDS))


def at_least(found: tuple[int, int, int] | None, minimum: str) -> bool:
    """Whether `found` is known and not below `minimum`."""
    wanted = parse(minimum)
    return found is not None and wanted is not None and found >= wanted
