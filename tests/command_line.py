"""Whether a line is one that `./slipway` takes."""

from __future__ import annotations

import functools
from typing import Any

import typer.main
from typer.exceptions import TyperException

from ops.cli import app


@functools.cache
def program() -> Any:
    """The command line as a tree of its verbs."""
    return typer.main.get_command(app)


def refusal(words: list[str]) -> str:
    """Why `./slipway` refuses these words after its name; nothing when it takes them."""
    command, rest = program(), list(words)
    while hasattr(command, "commands"):
        if not rest or rest[0] not in command.commands:
            return f"there is no {rest[0]}" if rest else "it ends before a verb"
        command = command.commands[rest.pop(0)]
    try:
        with command.make_context(command.name, rest):
            return ""
    except TyperException as error:
        return str(error)
