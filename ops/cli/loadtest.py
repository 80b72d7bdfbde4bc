from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ops.cli.options import Json, Sandbox, Stack, System, Yes
from ops.cli.program import app, begin, root, say


@app.command()
def loadtest(
    stack: Stack = "production",
    system: System = None,
    sandbox: Sandbox = False,
    yes: Yes = False,
    yes_production: Annotated[
        str, typer.Option(metavar="HOST", help="Put production under load: the host that is to be tested.")
    ] = "",
    host: Annotated[str, typer.Option(help="Another of the system's own hosts, such as the one behind the CDN.")] = "",
    seed: Annotated[int, typer.Option(help="The same seed sends the same requests at the same times.")] = 1,
    within: Annotated[
        float | None, typer.Option(min=1, help="Seconds that all phases together may take, at the same rates.")
    ] = None,
    report: Annotated[Path | None, typer.Option(help="Where the report (HTML) goes.")] = None,
    export: Annotated[
        tuple[str, Path] | None,
        typer.Option(
            metavar="k6|artillery DIR", help="Write the same test for another tool instead, and send nothing."
        ),
    ] = None,
    json_output: Json = False,
) -> None:
    """Send a system the load of its load_test, and judge it by its thresholds. Targets missed: exit code 12."""
    begin(f"looking at {system or stack}", quiet=json_output)
    from ops.loadtest.command import Wish, export_tests, load_tests

    wish = Wish(system, sandbox, host, yes_production, seed, within, report)
    if export:
        lines = export_tests(root(), stack, wish, *export)
    else:
        lines = load_tests(root(), stack, wish, yes=yes, as_json=json_output)
    for line in lines:
        say(line)
