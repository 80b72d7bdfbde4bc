"""Reads what a program made with Cobra (flyctl, pulumi, doctl) answers to `--help`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_FLAG: Final = re.compile(r"^ +(?:(-\w), )?--([\w.-]+)(?: ?([^\s\[]\S*))?(\[=\S*\])?(?:\s{2,}|$)")
_COMMAND: Final = re.compile(r"^ {1,4}([\w][\w:-]*)\s{2,}\S")
_NOT_COMMANDS: Final = ("Usage", "Aliases", "Examples", "Flags", "Global Flags", "Description")


@dataclass(frozen=True)
class Help:
    """One command: its sub-commands, its other names, its flags, and whether it takes anything but flags."""

    commands: tuple[str, ...]
    aliases: tuple[str, ...]
    flags: tuple[str, ...]
    """As `--org=` where a value follows, `--json` where none does, `--detach=?` where one may; `-a|` before it is
    the short form."""
    global_flags: tuple[str, ...]
    arguments: bool


def read_help(text: str) -> Help:
    """The parts of a command's help. What is no section of Cobra's is left out."""
    sections = _sections(text)
    aliases = [name.strip() for line in sections.get("Aliases", []) for name in line.split(",")]
    commands = [
        match[1]
        for title, lines in sections.items()
        if title not in _NOT_COMMANDS
        for line in lines
        if (match := _COMMAND.match(line))
    ]
    return Help(
        tuple(sorted(set(commands))),
        tuple(sorted({name.split()[-1] for name in aliases if name})),
        tuple(_flags(sections.get("Flags", []))),
        tuple(_flags(sections.get("Global Flags", []))),
        any(_takes_arguments(line) for line in sections.get("Usage", [])),
    )


def _sections(text: str) -> dict[str, list[str]]:
    """The indented lines below each heading, by heading. A heading ends with a colon, or stands above commands."""
    found: dict[str, list[str]] = {}
    title = ""
    for line in text.splitlines():
        if line and not line.startswith(" "):
            title = line.strip().removesuffix(":")
        elif line.strip():
            found.setdefault(title, []).append(line)
    usage = next((number for number, name in enumerate(found) if name == "Usage"), 0)
    # What stands before is prose, with lists of its own.
    return dict(list(found.items())[usage:])


def _flags(lines: list[str]) -> list[str]:
    flags = []
    for line in lines:
        match = _FLAG.match(line)
        if match:
            short, name, value, optional = match.groups()
            ending = "=?" if optional else "=" if value else ""
            flags.append((f"{short}|" if short else "") + f"--{name}{ending}")
    return sorted(flags)


def _takes_arguments(usage: str) -> bool:
    """Whether anything follows the command's path that is not a choice of commands or flags."""
    rest = re.sub(r"\[(command|flags|options)\]", "", usage).split()
    return any(not re.fullmatch(r"[a-z][\w-]*", word) for word in rest)
