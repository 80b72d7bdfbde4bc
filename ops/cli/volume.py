from __future__ import annotations

from typing import Annotated

import typer

from ops.cli.options import Json, Sandbox, Stack, System, Yes
from ops.cli.program import app, begin, root, say

_volume = typer.Typer(help="The volumes of systems on Fly.io.", no_args_is_help=True)
app.add_typer(_volume, name="volume")


@_volume.command("list")
def list_(
    stack: Stack = "production", system: System = None, sandbox: Sandbox = False, json_output: Json = False
) -> None:
    """List volumes, with their sizes and which machine has them."""
    begin("looking for volumes", quiet=json_output)
    from ops.surroundings import surroundings
    from ops.volume import list_volumes

    for line in list_volumes(surroundings(root(), stack, sandbox=sandbox), system, as_json=json_output):
        say(line)


@_volume.command()
def extend(
    size: Annotated[int, typer.Option(min=1, help="How large it shall be, in GB.")],
    stack: Stack = "production",
    system: System = None,
    part: Annotated[str, typer.Option(help="Whose volume: app, or redis.")] = "app",
    sandbox: Sandbox = False,
    yes: Yes = False,
) -> None:
    """Make a volume larger while the app runs, and show the setting to change. It never shrinks again."""
    begin("looking for volumes")
    from ops.surroundings import surroundings
    from ops.volume import extend as extend_volumes

    for line in extend_volumes(surroundings(root(), stack, sandbox=sandbox), system, size, part, yes=yes):
        say(line)


@_volume.command()
def destroy(
    volume: Annotated[str, typer.Argument(help="The volume, as `volume list` shows it.")],
    stack: Stack = "production",
    system: System = None,
    without_backup: Annotated[
        bool, typer.Option("--without-backup", help="Also one whose files no backup has: they go for good.")
    ] = False,
    sandbox: Sandbox = False,
    yes: Yes = False,
) -> None:
    """Remove a volume that no machine has, such as the one that a restore has left behind."""
    begin("looking for volumes")
    from ops.surroundings import surroundings
    from ops.volume import destroy as destroy_volume

    there = surroundings(root(), stack, sandbox=sandbox)
    for line in destroy_volume(there, system, volume, without_backup=without_backup, yes=yes):
        say(line)
