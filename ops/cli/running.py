from __future__ import annotations

from typing import Annotated

import typer

from ops.cli.options import Json, Sandbox, Stack, System, Yes
from ops.cli.program import app, begin, root, say


@app.command()
def scale(
    stack: Stack = "production",
    system: System = None,
    count: Annotated[int | None, typer.Option(min=1, help="How many machines or replicas.")] = None,
    size: Annotated[str | None, typer.Option(help="The size, as the platform calls it.")] = None,
    memory: Annotated[int | None, typer.Option(min=256, help="Memory in MB, on Fly.io.")] = None,
    sandbox: Sandbox = False,
    yes: Yes = False,
    json_output: Json = False,
) -> None:
    """Run more, fewer or other instances of a system until the next deployment, within the settings' rules."""
    begin("looking at what runs", quiet=json_output)
    from ops.running.verbs import scale as scale_system
    from ops.running.wish import ScaleWish
    from ops.surroundings import surroundings

    wish = ScaleWish(count, size, memory)
    place = surroundings(root(), stack, sandbox=sandbox)
    for line in scale_system(place, system, wish, yes=yes, as_json=json_output):
        say(line)


@app.command()
def stop(
    stack: Stack = "production",
    system: System = None,
    keep_running: Annotated[
        bool, typer.Option("--keep-running", help="Only keep visitors away: cordon, or maintenance mode.")
    ] = False,
    sandbox: Sandbox = False,
    yes: Yes = False,
    json_output: Json = False,
) -> None:
    """Stop everything at once, in such a way that no request wakes it: cordoned machines, an archived app."""
    begin("looking at what runs", quiet=json_output)
    from ops.running.verbs import stop as stop_systems
    from ops.surroundings import surroundings

    place = surroundings(root(), stack, sandbox=sandbox)
    for line in stop_systems(place, system, keep_running=keep_running, yes=yes, as_json=json_output):
        say(line)


@app.command()
def start(
    stack: Stack = "production",
    system: System = None,
    sandbox: Sandbox = False,
    yes: Yes = False,
    json_output: Json = False,
) -> None:
    """Start what was stopped, wait until it is well, then let visitors in."""
    begin("looking at what runs", quiet=json_output)
    from ops.running.verbs import start as start_systems
    from ops.surroundings import surroundings

    for line in start_systems(surroundings(root(), stack, sandbox=sandbox), system, yes=yes, as_json=json_output):
        say(line)


@app.command()
def restart(
    stack: Stack = "production",
    system: System = None,
    sandbox: Sandbox = False,
    yes: Yes = False,
    json_output: Json = False,
) -> None:
    """Restart instance by instance, each only when the one before is well again."""
    begin("looking at what runs", quiet=json_output)
    from ops.running.verbs import restart as restart_systems
    from ops.surroundings import surroundings

    for line in restart_systems(surroundings(root(), stack, sandbox=sandbox), system, yes=yes, as_json=json_output):
        say(line)
