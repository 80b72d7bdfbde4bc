"""`check`: validate stacks without the engine."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ops.errors import OperationError
from ops.exit_code import ExitCode
from settings.load import load, stack_names
from settings.problem import Problem, SettingsError, dotted
from settings.secret import set_command
from settings.stack import Stack


def check_stacks(root: Path, stack: str | None, *, as_json: bool) -> Iterator[str]:
    """One line a stack that is valid. Raises OperationError with all problems of all stacks."""
    names = [stack] if stack else stack_names(root)
    problems: dict[Problem, None] = {}
    valid: list[Stack] = []
    for name in names:
        try:
            valid.append(load(root, name))
        except SettingsError as error:
            problems.update(dict.fromkeys(error.problems))
    if as_json:
        yield json.dumps(
            {"stacks": [_stack(item) for item in valid], "problems": [_problem(item) for item in problems]}
        )
    if problems:
        message = str(SettingsError(problems))
        raise OperationError(message, ExitCode.SETTINGS)
    if not as_json:
        for item in valid:
            yield from _lines(item)


def _lines(stack: Stack) -> Iterator[str]:
    yield f"{stack.name}: valid ({', '.join(stack.systems)})"
    if count := len(stack.missing_secrets):
        what = "this secret" if count == 1 else f"these {count} secrets"
        yield f"  before the first `pulumi up -s {stack.name}`, set {what}:"
        for system, name in stack.missing_secrets:
            yield f"    {set_command(stack.name, system, name)}"


def _stack(stack: Stack) -> dict[str, Any]:
    return {
        "stack": stack.name,
        "environment": stack.environment,
        "systems": list(stack.systems),
        "missing_secrets": [f"{system}.{name}" for system, name in stack.missing_secrets],
    }


def _problem(problem: Problem) -> dict[str, Any]:
    place = problem.position
    return {
        "file": place.file,
        "line": place.line,
        "column": place.column,
        "path": dotted(problem.path),
        "rule": problem.rule,
        "way_out": problem.way_out,
    }
