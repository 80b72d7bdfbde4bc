"""Checks the pages of the project."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from pathlib import Path

from tools.commands.shown import Shown, shown
from tools.commands.tree import PROGRAMS, load

_tree = functools.cache(load)


def pages(root: Path) -> list[Path]:
    """Every page below docs/, ci/ and images/, and those at the top."""
    folders = ("docs", "ci", "images", "workers")
    return sorted([*root.glob("*.md"), *(page for folder in folders for page in (root / folder).rglob("*.md"))])


def problems(root: Path) -> Iterator[str]:
    """`page:line: what is wrong` for every command that is shown and does not exist."""
    for page in pages(root):
        name = page.relative_to(root).as_posix()
        for command in shown(page.read_text(encoding="utf-8")):
            said = problem(command)
            if said and not command.quoted:
                yield f"{name}:{command.line}: {said}"


def problem(command: Shown) -> str:
    """What is wrong with one command line; empty when nothing is."""
    return _tree(PROGRAMS[command.program]).problem(command.words)
