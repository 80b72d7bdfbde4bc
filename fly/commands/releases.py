"""`flyctl releases` and `flyctl config show`."""

from __future__ import annotations

from fly.commands.command import Command, read


def list_releases(app: str) -> Command:
    """The newest 25 releases with their images."""
    return read("app", "releases", "--app", app, "--image", "--json")


def show_config(app: str) -> Command:
    """The configuration of the newest release, as JSON with the keys of fly.toml."""
    return read("app", "config", "show", "--app", app)
