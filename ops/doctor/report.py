"""Looks at everything, shows it, and says what to do."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.text import Text

from ops.doctor.finding import Finding
from ops.doctor.machine import machine, state
from ops.doctor.programs import programs
from ops.doctor.tokens import tokens
from ops.errors import OperationError
from ops.exit_code import ExitCode
from ops.surroundings import surroundings

_COLOURS = {"ok": "green", "note": "yellow", "bad": "red"}


def examine(root: Path, stack: str, *, sandbox: bool) -> Iterator[Finding]:
    """Every finding, in the order in which they matter. Works with broken settings and without any token."""
    environment = dict(os.environ)
    yield from programs(root, environment)
    try:
        place = surroundings(root, stack, sandbox=sandbox)
    except OperationError as error:
        yield Finding("settings", stack, "bad", str(error), f"correct them; ./slipway check {stack} shows them again")
    else:
        yield Finding("settings", stack, "ok", f"{', '.join(place.stack.systems)} are valid")
        yield from tokens(place)
        yield from state(place.environment, place.records, place.options)
    yield from machine(root, environment)


def show_findings(found: Iterator[Finding], *, as_json: bool, console: Console) -> None:
    """Print them. Raises OperationError when one keeps a verb from working."""
    findings = []
    for finding in found:
        findings.append(finding)
        if not as_json:
            console.print(_line(finding))
    if as_json:
        told = json.dumps([asdict(finding) for finding in findings], indent=1)
        console.print(told, markup=False, highlight=False, soft_wrap=True)
    bad = [finding for finding in findings if finding.level == "bad"]
    if bad:
        count = f"{len(bad)} things keep" if len(bad) > 1 else "1 thing keeps"
        code = ExitCode.NOT_SET_UP if any(finding.area == "programs" for finding in bad) else ExitCode.UNVERIFIED
        names = ", ".join(finding.what for finding in bad)
        raise OperationError(f"{count} verbs from working: {names}", code)


def _line(finding: Finding) -> Text:
    """As it comes: the next thing to be looked at may take a while."""
    line = Text(f"{finding.area:<9} ")
    line.append(finding.what, style=_COLOURS[finding.level]).append(f": {finding.said}")
    return line.append(f"\n{'':<10}→ {finding.way_out}") if finding.way_out else line
