"""`flyctl secrets`: values go in by stdin, never on the command line."""

from __future__ import annotations

from collections.abc import Mapping

from fly.commands.command import Command, read, write
from fly.commands.secret_lines import secret_lines


def list_secrets(app: str) -> Command:
    """Names, digests and whether each is on the machines. Fly.io never shows a value."""
    return read("app", "secrets", "list", "--app", app, "--json")


def import_secrets(app: str, values: Mapping[str, str]) -> Command:
    """Set secrets for the next release: `--stage` keeps flyctl from restarting machines now."""
    return write(
        "app",
        "secrets",
        "import",
        "--app",
        app,
        "--stage",
        stdin=secret_lines(values),
        secrets=tuple(values.values()),
    )


def unset_secrets(app: str, names: list[str]) -> Command:
    """Remove secrets from the next release."""
    return write("app", "secrets", "unset", *names, "--app", app, "--stage")
