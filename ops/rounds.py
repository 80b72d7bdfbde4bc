"""`up` in rounds until the stack is settled: what was taken over, and what platforms hide, take more than one."""

from __future__ import annotations

from typing import Final

from ops.engine import Engine, Listener, Outcome
from ops.errors import OperationError
from ops.exit_code import ExitCode

REASONS: Final = ("", ", to apply the settings to what was taken over", ", to settle what the platform hides")
"""Why there is another round; the first needs no reason."""


def one_round(engine: Engine, listener: Listener, *options: str) -> tuple[str, bool]:
    """What it did, and whether the stack is settled. Raises OperationError when the engine fails."""
    outcome = engine.up(listener, *options)
    if not outcome.ok:
        raise OperationError("\n".join(outcome.errors), ExitCode.ENGINE)
    return summary(outcome), all(entry["settled"] for entry in engine.outputs()["deployed"].values())


def summary(outcome: Outcome) -> str:
    """How many resources the run created, changed …"""
    counts = [f"{count} {operation}" for operation, count in sorted(outcome.changes.items())]
    return ", ".join(counts) or "nothing to do"
