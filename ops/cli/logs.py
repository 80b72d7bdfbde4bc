from __future__ import annotations

from typing import Annotated, Literal

import typer

from ops.cli.options import Json, Sandbox, Stack, System
from ops.cli.program import app, begin, root, say


@app.command()
def logs(
    stack: Stack = "production",
    system: System = None,
    part: Annotated[
        str, typer.Option(help="Whose: app, or an app beside it on Fly.io: redis, pgbouncer, autoscaler.")
    ] = "app",
    type_: Annotated[
        Literal["RUN", "BUILD", "DEPLOY", "RUN_RESTARTED"],
        typer.Option("--type", help="On Fly.io there is only RUN."),
    ] = "RUN",
    lines: Annotated[int, typer.Option(min=1, max=10_000, help="How many of each system.")] = 100,
    follow: Annotated[bool, typer.Option("--follow", help="Go on with each new line, until interrupted.")] = False,
    sandbox: Sandbox = False,
    json_output: Json = False,
) -> None:
    """Show what the systems wrote lately, without what is secret."""
    begin(f"reading the logs of {system or stack}", quiet=json_output)
    from ops.logs.show import show_logs
    from ops.surroundings import surroundings

    place = surroundings(root(), stack, sandbox=sandbox)
    for line in show_logs(place, system, part, type_=type_, count=lines, follow=follow, as_json=json_output):
        say(line)
