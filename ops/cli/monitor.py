from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ops.cli.options import Json, Sandbox, Stack, System
from ops.cli.program import app, begin, root


@app.command()
def monitor(
    stack: Stack = "production",
    system: System = None,
    watch: Annotated[bool, typer.Option("--watch", "-w", help="Go on, a round after the other.")] = False,
    interval: Annotated[str | None, typer.Option(help="From round to round, such as 30s; else the settings'.")] = None,
    lasts: Annotated[str | None, typer.Option("--for", help="End the watch after so long, such as 5m.")] = None,
    page: Annotated[Path | None, typer.Option(help="Write the last day as an HTML page to this file.")] = None,
    metrics_port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="Answer Prometheus on 127.0.0.1 at this port.")
    ] = None,
    yes: Annotated[
        bool, typer.Option("--yes", help="Tell people and remember. Without it, only look and show.")
    ] = False,
    sandbox: Sandbox = False,
    json_output: Json = False,
) -> None:
    """Look at a stack's systems, judge what is seen by their thresholds, and tell people of alerts and their ends."""
    begin(f"looking at {stack}", quiet=json_output)
    from rich.console import Console

    from ops.monitor.run import Wish, duration, run
    from ops.surroundings import surroundings

    wish = Wish(
        yes=yes,
        as_json=json_output,
        watch=watch or lasts is not None,
        interval=duration(interval, "--interval"),
        lasts=duration(lasts, "--for"),
        page=page,
        metrics_port=metrics_port,
    )
    run(surroundings(root(), stack, sandbox=sandbox), system, wish, Console(soft_wrap=True))
