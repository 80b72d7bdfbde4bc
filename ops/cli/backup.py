from __future__ import annotations

from typing import Annotated

import typer

from ops.cli.options import Json, Sandbox, Stack, System, Yes
from ops.cli.program import app, begin, root, say

BackupId = Annotated[
    str | None, typer.Option("--backup", help="The backup, as `backups` lists it; the newest when left out.")
]


@app.command()
def backup(
    stack: Stack = "production",
    system: System = None,
    sandbox: Sandbox = False,
    yes: Yes = False,
    json_output: Json = False,
) -> None:
    """Keep what systems are and hold: snapshots, files, configurations, images, names of secrets, with checksums."""
    begin(f"looking at {system or stack}", quiet=json_output)
    from ops.backup.take import back_up
    from ops.surroundings import surroundings

    for line in back_up(surroundings(root(), stack, sandbox=sandbox), system, yes=yes, as_json=json_output):
        say(line)


@app.command()
def backups(
    stack: Stack = "production",
    system: System = None,
    sandbox: Sandbox = False,
    limit: Annotated[int, typer.Option(min=0, help="How many of each system; 0 for all.")] = 10,
    json_output: Json = False,
) -> None:
    """List the backups that there are, the newest first."""
    begin(f"looking for backups of {system or stack}", quiet=json_output)
    from ops.backup.listing import show_backups
    from ops.surroundings import surroundings

    for line in show_backups(surroundings(root(), stack, sandbox=sandbox), system, limit=limit, as_json=json_output):
        say(line)


@app.command()
def drill(
    stack: Stack = "production",
    system: System = None,
    backup_id: BackupId = None,
    sandbox: Sandbox = False,
    yes: Yes = False,
    json_output: Json = False,
) -> None:
    """Restore a backup beside the app, compare every file with what was kept, remove it, and record how it went."""
    begin(f"looking for backups of {system or stack}", quiet=json_output)
    from ops.backup.drill import drill as try_backup
    from ops.surroundings import surroundings

    there = surroundings(root(), stack, sandbox=sandbox)
    for line in try_backup(there, system, backup_id, yes=yes, as_json=json_output):
        say(line)


@app.command()
def restore(
    stack: Stack = "production",
    system: System = None,
    backup_id: BackupId = None,
    volume: Annotated[str | None, typer.Option(help="The volume, where the backup has several.")] = None,
    give_up: Annotated[
        bool, typer.Option("--abandon", help="Give up a restore that was cut off: the old volume serves again.")
    ] = False,
    sandbox: Sandbox = False,
    yes: Yes = False,
    json_output: Json = False,
) -> None:
    """Bring files back: a new volume from a backup, compared, then the app moves onto it; the old volume stays."""
    begin(f"looking for backups of {system or stack}", quiet=json_output)
    from ops.backup.abandon import abandon
    from ops.backup.restore import restore as restore_system
    from ops.surroundings import surroundings

    there = surroundings(root(), stack, sandbox=sandbox)
    if give_up:
        if backup_id or volume or json_output:
            raise typer.BadParameter("--abandon goes with --stack, --system, --sandbox and --yes only")
        for line in abandon(there, system, yes=yes):
            say(line)
        return
    for line in restore_system(there, system, backup_id, volume, yes=yes, as_json=json_output):
        say(line)
