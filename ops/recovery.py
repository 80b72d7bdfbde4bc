"""Mends what a killed run of the engine left in a stack's state: locks of the dead, creates without an answer."""

from __future__ import annotations

import json
import re
import socket
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from ops.engine import Engine, Finder
from ops.errors import OperationError
from ops.exit_code import ExitCode
from ops.holder import alive
from settings.stack import NAMESPACE

_SETTLE_SECONDS: Final = 5.0
_POLL_SECONDS: Final = 0.1
_LOCKED: Final = re.compile(
    r"created by (?P<username>\S+)@(?P<hostname>\S+) \(pid (?P<pid>\d+)\) at (?P<timestamp>\S+)"
)
"""How the CLI names who holds a lock in a bucket or a folder (pulumi 3.259, pkg/backend/diy)."""


def recover(
    engine: Engine,
    made: Finder,
    *,
    sandboxed: bool,
    scratch: Path,
    state: Path | None = None,
    wait_seconds: float = 0.0,
) -> str:
    """Release dead locks, and settle creates that were under way. Returns what was done, `""` for nothing.

    `made` finds what a cut-off create made. `state` is the folder of a state in files, None for one elsewhere, whose
    locks show only when the engine meets them (`dead_locks`). `scratch` is a private folder; `sandboxed` is whether it
    is a rehearsal's. Raises OperationError when a living process holds the lock and does not end within `wait_seconds`.
    """
    done = []
    locks = list(_locks(state, engine.stack)) if state else []
    end = time.monotonic() + wait_seconds
    while locks and time.monotonic() < end and not all(map(_dead, locks)):
        time.sleep(_POLL_SECONDS)
        locks = list(_locks(state, engine.stack)) if state else []
    _refuse_living(locks, engine.stack, sandboxed=sandboxed)
    if locks:
        engine.cancel()
        done.append("released the lock of a process that is gone")
    pending = _pending_creates(engine, state)
    if pending:
        _settle(engine, made, scratch)
        done.append(f"settled what was being created: {', '.join(map(_name, pending))}")
    return ", ".join(done)


def dead_locks(errors: Sequence[str], stack: str, *, sandboxed: bool) -> bool:
    """Whether the engine stopped at locks of processes of this machine that are gone. Raises OperationError as
    `recover` does when it stopped at another one."""
    locks = [match.groupdict() for error in errors for match in _LOCKED.finditer(error)]
    _refuse_living(locks, stack, sandboxed=sandboxed)
    return bool(locks)


def _locks(state: Path, stack: str) -> Iterator[Mapping[str, Any]]:
    folder = state / ".pulumi" / "locks" / "organization" / NAMESPACE / stack
    for file in sorted(folder.glob("*.json")):
        try:
            yield json.loads(file.read_text(encoding="utf-8"))
        except FileNotFoundError:
            continue  # released meanwhile


def _dead(lock: Mapping[str, Any]) -> bool:
    return lock.get("hostname") == socket.gethostname() and not alive(int(lock["pid"]))


def _refuse_living(locks: Sequence[Mapping[str, Any]], stack: str, *, sandboxed: bool) -> None:
    cancel = f"./slipway sandbox pulumi {stack} cancel --yes" if sandboxed else f"pulumi cancel --yes --stack {stack}"
    for lock in locks:
        if not _dead(lock):
            raise OperationError(_held(lock, cancel), ExitCode.REFUSED)


def _held(lock: Mapping[str, Any], cancel: str) -> str:
    """Who holds the stack, and every way out."""
    pid, host = lock["pid"], lock.get("hostname")
    if host == socket.gethostname():
        stop = f"stop it with `kill -INT {pid}` and run this again, which releases the lock of what is gone"
        gone = f"If process {pid} is another program by now, which `ps -p {pid}` shows"
    else:
        stop = f"stop it on {host}"
        gone = f"If it is gone, which only a look at {host} shows"
    return (
        f"another run holds the stack: process {pid} of {lock.get('username')} on {host}, since "
        f"{lock.get('timestamp')}; wait for it to end, or {stop}. {gone}, release the lock: {cancel}. Not while it "
        "runs: two engines would overwrite each other's state, and what one of them made would be forgotten"
    )


def _pending_creates(engine: Engine, state: Path | None) -> list[Mapping[str, Any]]:
    if state is None:
        deployment = engine.state()
    else:
        file = state / ".pulumi" / "stacks" / NAMESPACE / f"{engine.stack}.json"
        if not file.exists():
            return []
        deployment = json.loads(file.read_text(encoding="utf-8")).get("checkpoint", {}).get("latest") or {}
    operations = deployment.get("pending_operations") or []
    return [operation["resource"] for operation in operations if operation["type"] == "creating"]


def _settle(engine: Engine, made: Finder, scratch: Path) -> None:
    """What exists in the cloud is taken into the state, what does not is forgotten, so that `up` makes it anew."""
    deadline = time.monotonic() + _SETTLE_SECONDS

    def found(resource: Mapping[str, Any], known: Collection[object]) -> str:
        # The provider `fly` takes what is there when it creates, so that nothing of it has to be found.
        return "" if str(resource["type"]).startswith("fly:") else _made_by(deadline, made, resource, known)

    engine.settle_creates(found, scratch)
    outcome = engine.refresh(None, "--yes", "--skip-preview")
    if not outcome.ok:
        raise OperationError("\n".join(outcome.errors), ExitCode.ENGINE)


def _made_by(deadline: float, made: Finder, resource: Mapping[str, Any], known: Collection[object]) -> str:
    """As `made`, but a request that was under way when its sender died may still be carried out."""
    while not (found := made(resource, known)) and time.monotonic() < deadline:
        time.sleep(_POLL_SECONDS)
    return found


def _name(resource: Mapping[str, Any]) -> str:
    return str(resource["urn"]).rpartition("::")[2]
