from __future__ import annotations

import sys
from typing import Annotated

import typer

from ops.cli.options import Json, Sandbox, Stack
from ops.cli.program import app, begin, root


@app.command()
def doctor(
    stack: Stack = "production",
    explain: Annotated[
        str | None,
        typer.Option(help="What a program printed, to be looked up among known bugs; - reads it from stdin."),
    ] = None,
    sandbox: Sandbox = False,
    json_output: Json = False,
) -> None:
    """See whether all is there that verbs need: programs, tokens and their rights, quotas, state, disk, caches."""
    begin("examining", quiet=json_output)
    from rich.console import Console

    from ops.doctor.bugs import recognized
    from ops.doctor.report import examine, show_findings
    from ops.surroundings import options

    console = Console() if sys.stdout.isatty() else Console(width=200)
    if explain is not None:
        text = sys.stdin.read() if explain == "-" else explain
        show_findings(recognized(text, options(stack, sandbox=sandbox)), as_json=json_output, console=console)
        return
    show_findings(examine(root(), stack, sandbox=sandbox), as_json=json_output, console=console)
