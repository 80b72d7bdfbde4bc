"""`up` until the stack is settled: taking over an app that existed before, or new secrets, take further rounds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ops.engine import Engine, Listener, Outcome
from ops.errors import OperationError
from ops.exit_code import ExitCode

REASONS: Final = ("", "to apply the settings to what was taken over", "to settle what the platform hides")
"""Why there is a round; the first needs no reason."""


def rounds(engine: Engine, listener: Listener, *options: str) -> Iterator[tuple[str, Outcome]]:
    """Each round with its reason, `options` in the first. Raises OperationError at the first that fails."""
    for reason in REASONS:
        outcome = engine.up(listener, *(() if reason else options))
        if not outcome.ok:
            raise OperationError("\n".join(outcome.errors), ExitCode.ENGINE)
        yield reason, outcome
        if all(entry["settled"] for entry in engine.outputs()["deployed"].values()):
            return


def summary(outcome: Outcome) -> str:
    """How many resources the run created, changed …"""
    counts = [f"{count} {operation}" for operation, count in sorted(outcome.changes.items())]
    return ", ".join(counts) or "nothing to do"
