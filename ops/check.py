"""`check`: validate stacks without the engine, and hold them to the policies."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ops import policies
from ops.errors import OperationError
from ops.exit_code import ExitCode
from ops.policies import audit_live, audit_settings
from policies.finding import Audit
from settings.load import load, stack_names
from settings.problem import Problem, SettingsError, dotted
from settings.secret import set_command
from settings.stack import Stack

if TYPE_CHECKING:
    from ops.surroundings import Surroundings


def check_stacks(root: Path, stack: str | None, *, as_json: bool) -> Iterator[str]:
    """What each valid stack is, and what the policies say about it. Raises OperationError with all problems of all
    stacks; where there are none, with all findings that stop a deployment."""
    names = [stack] if stack else stack_names(root)
    problems: dict[Problem, None] = {}
    valid: list[tuple[Stack, Audit]] = []
    for name in names:
        try:
            loaded = load(root, name)
            valid.append((loaded, audit_settings(root, loaded)))
        except SettingsError as error:
            problems.update(dict.fromkeys(error.problems))
    if as_json:
        stacks = [_stack(item) | {"policies": policies.as_json(audit)} for item, audit in valid]
        yield json.dumps({"stacks": stacks, "problems": [_problem(item) for item in problems]})
    if problems:
        message = str(SettingsError(problems))
        raise OperationError(message, ExitCode.SETTINGS)
    if not as_json:
        for item, audit in valid:
            yield from _lines(item)
            yield from (f"  {line}" for line in policies.described(audit))
    refuse_failed({item.name: audit for item, audit in valid})


def check_live(place: Surroundings, *, as_json: bool) -> Iterator[str]:
    """What the policies say about what is there. Raises OperationError for findings that stop a deployment."""
    audit = audit_live(place)
    if as_json:
        yield json.dumps({"stack": place.stack.name, "policies": policies.as_json(audit)})
    else:
        yield f"{place.stack.name}: as its state says, which `pulumi refresh` brings up to date"
        yield from (f"  {line}" for line in policies.described(audit))
    refuse_failed({place.stack.name: audit})


def refuse_failed(audits: Mapping[str, Audit]) -> None:
    """Raises OperationError when a finding stops a deployment."""
    if counts := [f"{name}: {_failing(audit)}" for name, audit in audits.items() if audit.failed]:
        way_out = "mend what is marked ✗, or waive it for a time in slipway:policies"
        raise OperationError(f"the policies are not kept ({', '.join(counts)}); {way_out}", ExitCode.POLICIES)


def _failing(audit: Audit) -> str:
    count = sum(finding.fails for finding in audit.findings)
    return f"{count} finding{'s' if count > 1 else ''}"


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
