"""The command line of `./slipway`: one module a verb or group of verbs.

Verbs import what they need when they run, so that `--help` and completion answer at once.
"""

from __future__ import annotations

import sys

from ops.cli import (
    alerts,
    backup,
    check,
    comment,
    cost,
    deploy,
    doctor,
    drift,
    drift_issue,
    edge,
    generated,
    loadtest,
    logs,
    monitor,
    records,
    rehearse,
    report,
    running,
    sandbox,
    status,
    thresholds,
    volume,
)
from ops.cli.program import app as app
from ops.errors import OperationError
from ops.exit_code import ExitCode
from sandbox.errors import SandboxError

_INTERRUPTED = 130
"""What Typer makes of an interruption, without a word."""


def run() -> None:
    """The entry point: turns what verbs raise into one message and an exit code."""
    try:
        app(prog_name="slipway")
    except OperationError as error:
        sys.stderr.write(f"{error}\n")
        raise SystemExit(error.exit_code) from None
    except SandboxError as error:
        # Any request of a verb to the emulated clouds may be the first to find them gone.
        sys.stderr.write(f"{error}\n")
        raise SystemExit(ExitCode.SANDBOX) from None
    except SystemExit as end:
        if end.code == _INTERRUPTED:
            sys.stderr.write("interrupted; run the same command again to go on\n")
        raise
