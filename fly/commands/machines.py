"""`flyctl machine`."""

from __future__ import annotations

from fly.commands.command import Command, read, write


def list_machines(app: str) -> Command:
    """All machines of an app with their configuration, events and check results."""
    return read("app", "machine", "list", "--app", app, "--json")


def start_machines(app: str, ids: list[str]) -> Command:
    """Start machines that are stopped or suspended."""
    return write("machine", "machine", "start", *ids, "--app", app)


def destroy_machines(app: str, ids: list[str]) -> Command:
    """Stop and remove these machines; `--force` is what keeps flyctl from refusing a running one."""
    return write("machine", "machine", "destroy", *ids, "--app", app, "--force")
