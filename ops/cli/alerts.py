from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ops.cli.options import Json, Stack, System
from ops.cli.program import app, begin, root, say

_alerts = typer.Typer(
    help="The stack's alerts for other monitoring systems, and what they say in an incident.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
app.add_typer(_alerts, name="alerts")


@_alerts.command()
def write(
    out: Annotated[Path, typer.Option(help="The folder to write to.")],
    stack: Stack = "production",
    check_only: Annotated[
        bool, typer.Option("--check", help="Change nothing; fail when a file is out of date.")
    ] = False,
) -> None:
    """Write rules for Prometheus with their tests, routes for Alertmanager and a dashboard for Grafana."""
    begin(f"making the alerts of {stack}")
    from ops.alerts.files import write_alerts
    from ops.stack import load_stack

    for line in write_alerts(load_stack(root(), stack), out, check=check_only):
        say(line)


@_alerts.command(name="test")
def replay(
    incident: Annotated[
        str,
        typer.Option(
            help="outage, outages, flapping, slow, memory-leak, error-burst, cache-drop, certificate or wrong-dns; or "
            "a file: a timeline in YAML, or the monitor's log in JSON lines."
        ),
    ] = "outage",
    stack: Stack = "production",
    system: System = None,
    json_output: Json = False,
) -> None:
    """Replay an incident, simulated or recorded, and show when which alert would have been told. Tells nobody."""
    begin(f"replaying {incident}", quiet=json_output)
    from ops.alerts.replay import replay_stack
    from ops.stack import load_stack

    for line in replay_stack(load_stack(root(), stack), system, incident, as_json=json_output):
        say(line)
