"""`flyctl machine`."""

from __future__ import annotations

from fly.commands.command import WRITE_SECONDS, Command, read, write


def list_machines(app: str) -> Command:
    """All machines of an app with their configuration, events and check results."""
    return read("app", "machine", "list", "--app", app, "--json")


def start_machines(app: str, ids: list[str]) -> Command:
    """Start machines that are stopped or suspended."""
    return write("machine", "machine", "start", *ids, "--app", app)


def stop_machines(app: str, ids: list[str], *, wait_seconds: float = WRITE_SECONDS) -> Command:
    """Stop machines, each with its own signal and time. The proxy starts one again unless it is cordoned."""
    return write("machine", "machine", "stop", *ids, "--app", app, timeout_seconds=wait_seconds)


def restart_machine(app: str, id_: str, *, wait_seconds: float) -> Command:
    """Stop and start one machine, and wait until its checks pass."""
    return write("machine", "machine", "restart", id_, "--app", app, timeout_seconds=wait_seconds)


def cordon_machines(app: str, ids: list[str]) -> Command:
    """Keep the proxy from sending requests to these machines, and from starting them for one."""
    return write("machine", "machine", "cordon", *ids, "--app", app)


def uncordon_machines(app: str, ids: list[str]) -> Command:
    """Let the proxy use these machines again."""
    return write("machine", "machine", "uncordon", *ids, "--app", app)


def clone_machine(app: str, id_: str, *, volume_id: str, wait_seconds: float) -> Command:
    """Run a second machine that is configured like this one, on another volume, and wait until its checks pass."""
    return write(
        "machine", "machine", "clone", id_, "--app", app, "--attach-volume", volume_id, timeout_seconds=wait_seconds
    )


def destroy_machines(app: str, ids: list[str]) -> Command:
    """Stop and remove these machines; `--force` is what keeps flyctl from refusing a running one."""
    return write("machine", "machine", "destroy", *ids, "--app", app, "--force")
