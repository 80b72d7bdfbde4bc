from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from ops.cli.options import Stack
from ops.cli.program import app, root, say

group = typer.Typer(
    help="What verbs keep about a stack on this machine: journals, releases put aside, what monitors saw.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
app.add_typer(group, name="records")

File = Annotated[Path, typer.Argument(help="Encrypted with SLIPWAY_RECORDS_KEY.")]


@group.command()
def pack(file: File, stack: Stack = "production") -> None:
    """Write a stack's records into an encrypted file, for another machine to go on with."""
    from ops.records import pack as write
    from ops.surroundings import surroundings

    for line in write(surroundings(root(), stack, sandbox=False).records, file, os.environ):
        say(line)


@group.command()
def unpack(file: File, stack: Stack = "production") -> None:
    """Go on with the records of another machine. Only where there are none yet; without a file nothing happens."""
    from ops.records import unpack as read
    from ops.surroundings import surroundings

    for line in read(surroundings(root(), stack, sandbox=False).records, file, os.environ, root()):
        say(line)
