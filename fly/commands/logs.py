"""`flyctl logs`."""

from __future__ import annotations

from fly.commands.command import Command, read


def app_logs(app: str) -> Command:
    """What Fly.io still buffers of the output of all machines of an app, one JSON object a line."""
    return read("app", "logs", "--app", app, "--no-tail", "--json", timeout_seconds=20)


def recent_logs(app: str, machine: str) -> Command:
    """What Fly.io still buffers of one machine's output, one JSON object a line."""
    return read("app", "logs", "--app", app, "--machine", machine, "--no-tail", "--json", timeout_seconds=10)
