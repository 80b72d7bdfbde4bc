from __future__ import annotations

import sys

from ops.cli.options import Json, Sandbox, Stack, System
from ops.cli.program import app, begin, root


@app.command()
def drift(
    stack: Stack = "production", system: System = None, sandbox: Sandbox = False, json_output: Json = False
) -> None:
    """Compare settings, state and what runs, property by property. Changes nothing; the exit code tells of drift."""
    begin(f"comparing {stack} with what runs", quiet=json_output)
    from rich.console import Console

    from ops.drift.report import show_drift
    from ops.surroundings import surroundings

    console = Console() if sys.stdout.isatty() else Console(width=200)
    show_drift(surroundings(root(), stack, sandbox=sandbox), system, as_json=json_output, console=console)
