"""The reference pages of the command line: every verb with its options, and every exit code."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from typing import Any

import typer.main

from ops import exit_code
from ops.exit_code import ExitCode

_NOTICE = "<!-- Made by `./slipway docs`. Change the code, not this page. -->"


def commands_page() -> str:
    """docs/commands.md."""
    from ops.cli import app

    lines = ["# Commands", "", _NOTICE, "", "Every verb ends with one of these [exit codes](exit-codes.md).", ""]
    lines += _described(typer.main.get_command(app), "./slipway")
    return "\n".join(lines).rstrip() + "\n"


def exit_codes_page() -> str:
    """docs/exit-codes.md."""
    rows = [f"| {code.value} | {code.name} | {text} |" for code, text in _meanings().items()]
    return "\n".join(
        [
            "# Exit codes",
            "",
            _NOTICE,
            "",
            "`./slipway` ends with one of these. Interrupted with ^C it ends with 130.",
            "",
            "| code | name | meaning |",
            "|---|---|---|",
            *rows,
            "",
            "`make` itself ends with 2 whenever a command in it failed; the message above says which and why.",
            "",
        ]
    )


def _meanings() -> dict[ExitCode, str]:
    """Each code with the docstring below it."""
    (definition,) = [node for node in ast.parse(inspect.getsource(exit_code)).body if isinstance(node, ast.ClassDef)]
    found: dict[ExitCode, str] = {}
    for statement, comment in zip(definition.body, definition.body[1:], strict=False):
        if isinstance(statement, ast.Assign) and isinstance(comment, ast.Expr):
            name = ast.unparse(statement.targets[0])
            found[ExitCode[name]] = str(ast.literal_eval(comment.value))
    return found


def _described(command: Any, path: str) -> Iterator[str]:
    """The sections of a command and of those below it. Typer's own copies of click's classes are not for import."""
    if hasattr(command, "commands"):
        for name, part in command.commands.items():
            yield from _described(part, f"{path} {name}")
        return
    options = " [options]" if any(parameter.param_type_name == "option" for parameter in command.params) else ""
    usage = " ".join([path, *_arguments(command)]) + options
    yield from (f"## {path.removeprefix('./')}", "", (command.help or "").strip(), "", "```", usage, "```", "")
    rows = [_row(parameter) for parameter in command.params]
    if rows:
        yield from ("| | | default |", "|---|---|---|", *rows, "")


def _arguments(command: Any) -> Iterator[str]:
    for parameter in command.params:
        if parameter.param_type_name == "argument":
            name = parameter.name.upper()
            yield name if parameter.required else f"[{name}]"


def _row(parameter: Any) -> str:
    if parameter.param_type_name == "option":
        names = ", ".join(f"`{name}`" for name in (*parameter.opts, *parameter.secondary_opts))
    else:
        names = f"`{parameter.name.upper()}`"
    default = parameter.default
    shown = f"`{default}`" if isinstance(default, str | int | float) and not isinstance(default, bool) else ""
    return f"| {names} | {parameter.help or ''} | {shown} |"
