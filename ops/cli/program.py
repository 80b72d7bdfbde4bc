"""The root of the command line, which every verb's module adds itself to."""

from __future__ import annotations

import sys
from pathlib import Path

import typer

_ROOT = Path(__file__).resolve().parents[2]

app = typer.Typer(
    name="slipway",
    help="Small web systems on Fly.io or DigitalOcean App Platform, behind Cloudflare: checked, rehearsed, operated.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def root() -> Path:
    """The project that the verbs work on."""
    return _ROOT


def begin(what: str, *, quiet: bool = False) -> None:
    """Tell a person at once what a verb does, beside its output proper. `quiet`: a program reads it."""
    if not quiet and sys.stderr.isatty():
        typer.echo(f"{what} …", err=True)


def say(message: str) -> None:
    """Print a line for people or programs."""
    typer.echo(message)
