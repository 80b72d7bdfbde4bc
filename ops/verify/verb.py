"""`verify`: what runs, compared with what was asked for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ops.errors import OperationError
from ops.exit_code import ExitCode
from ops.surroundings import surroundings
from ops.verify.report import as_json, failures, lines
from ops.verify.verify import verify


def verify_stack(root: Path, stack: str, system: str | None, *, sandbox: bool, json_output: bool) -> Iterator[str]:
    """A table, or JSON. Raises OperationError when something is not as it should be."""
    there = surroundings(root, stack, sandbox=sandbox)
    there.systems(system)
    found = verify(there, list(there.engine().state().get("resources") or ()), system)
    if json_output:
        yield as_json(found)
    else:
        yield from lines(found)
    bad = failures(found)
    if bad:
        raise OperationError(f"{len(bad)} of {len(found)} checks failed", ExitCode.UNVERIFIED)
