from __future__ import annotations

import sys

from ops.cli.options import Json, Sandbox, Stack, System
from ops.cli.program import app, begin, root


@app.command()
def status(
    stack: Stack = "production", system: System = None, sandbox: Sandbox = False, json_output: Json = False
) -> None:
    """Show what runs: instances with their checks, releases, regions, domains and certificates, on both platforms."""
    begin(f"looking at {stack}", quiet=json_output)
    from rich.console import Console

    from ops.status.report import show_status
    from ops.surroundings import surroundings

    place = surroundings(root(), stack, sandbox=sandbox)
    # A pipe has no width of its own, and ids must not be cut.
    console = Console() if sys.stdout.isatty() else Console(width=200)
    show_status(place, system, as_json=json_output, console=console)
