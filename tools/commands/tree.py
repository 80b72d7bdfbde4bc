"""A program's commands with their flags, and what is wrong with a command line."""

from __future__ import annotations

import difflib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

TREES: Final = Path(__file__).parent / "trees"
PROGRAMS: Final = {"fly": "flyctl", "flyctl": "flyctl", "pulumi": "pulumi", "doctl": "doctl"}
"""What a person types, and the program it is."""

_ANYTHING: Final = ("…", "...")


@dataclass(frozen=True)
class Command:
    """One command. `flags` as tools/commands/help_text.py writes them."""

    aliases: tuple[str, ...]
    flags: tuple[str, ...]
    arguments: bool


@dataclass(frozen=True)
class Tree:
    """All commands of one version, by path; the program itself has the empty path."""

    program: str
    version: str
    date: str
    global_flags: tuple[str, ...]
    commands: Mapping[str, Command]

    def problem(self, words: Sequence[str]) -> str:
        """What is wrong with a command line, given without the program's name; empty when nothing is."""
        path, rest = "", list(words)
        while rest:
            word = rest.pop(0)
            if word == "--" or word in _ANYTHING:
                return ""
            if word.startswith("-") and word != "-":
                takes_value = self._flag(path, word)
                if takes_value is None:
                    return f"`{self._called(path)}` has no flag {word.partition('=')[0]}"
                if takes_value and rest and "=" not in word:
                    rest.pop(0)
                continue
            below = self._below(path, word)
            if below is not None:
                path = below
            elif not self.commands[path].arguments:
                return self._unknown(path, word)
        return ""

    def _called(self, path: str) -> str:
        return f"{self.program} {path}".strip()

    def _children(self, path: str) -> dict[str, str]:
        """The commands right below one, by every name they have."""
        start = f"{path} " if path else ""
        found: dict[str, str] = {}
        for other, command in self.commands.items():
            if other.startswith(start) and other != path and " " not in other.removeprefix(start):
                found |= dict.fromkeys((other.removeprefix(start), *command.aliases), other)
        return found

    def _below(self, path: str, word: str) -> str | None:
        return self._children(path).get(word)

    def _unknown(self, path: str, word: str) -> str:
        children = self._children(path)
        if not children:
            return f"`{self._called(path)}` takes no argument, such as {word}"
        close = difflib.get_close_matches(word, children, n=1)
        return f"`{self._called(path)}` has no command {word}" + (f"; did you mean {close[0]}?" if close else "")

    def _flag(self, path: str, word: str) -> bool | None:
        """Whether a value follows a flag as a word of its own; None when there is no such flag."""
        name = word.partition("=")[0]
        for flag in (*self.commands[path].flags, *self.global_flags):
            short, _, long = flag.rpartition("|")
            takes_value = long.endswith("=")
            if name == long.partition("=")[0] or name == short:
                return takes_value
            if short and not name.startswith("--") and name.startswith(short) and takes_value:
                return False
        return None


def load(program: str) -> Tree:
    """The tree of `flyctl`, `pulumi` or `doctl`."""
    content: dict[str, Any] = json.loads((TREES / f"{program}.json").read_text(encoding="utf-8"))
    commands = {
        path: Command(tuple(entry.get("aliases", ())), tuple(entry.get("flags", ())), entry.get("arguments", False))
        for path, entry in content["commands"].items()
    }
    return Tree(program, content["version"], content["date"], tuple(content["global_flags"]), commands)


def save(tree: Tree) -> None:
    """Write the tree, one command a line, so that a new version's difference can be read."""
    lines = [
        f"    {json.dumps(path)}: {json.dumps(_entry(command))}" for path, command in sorted(tree.commands.items())
    ]
    head = {"version": tree.version, "date": tree.date, "global_flags": tree.global_flags}
    parts = [f"  {json.dumps(name)}: {json.dumps(value)}" for name, value in head.items()]
    text = "{\n" + ",\n".join([*parts, '  "commands": {\n' + ",\n".join(lines) + "\n  }"]) + "\n}\n"
    (TREES / f"{tree.program}.json").write_text(text, encoding="utf-8")


def _entry(command: Command) -> dict[str, Any]:
    """What differs from a command without anything."""
    entry: dict[str, Any] = {"aliases": command.aliases, "flags": command.flags, "arguments": command.arguments}
    return {name: value for name, value in entry.items() if value}
