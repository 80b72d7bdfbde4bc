"""`flyctl apps` and `flyctl status`."""

from __future__ import annotations

from fly.commands.command import Command, read, write


def list_apps(org: str | None) -> Command:
    """Every app the token sees, or those of one organization."""
    return read("organization", "apps", "list", *(["--org", org] if org else []), "--json")


def show_app(app: str) -> Command:
    """One app by name; fails with `Could not find App` when there is none."""
    return read("app", "status", "--app", app, "--json")


def create_app(app: str, org: str, network: str | None) -> Command:
    """An empty app. Without `--org` flyctl would ask."""
    chosen = ["--network", network] if network else []
    return write("app", "apps", "create", app, "--org", org, *chosen, "--yes", "--json")


def destroy_app(app: str) -> Command:
    """The app with all its machines, volumes, addresses and secrets."""
    return write("app", "apps", "destroy", app, "--yes")
