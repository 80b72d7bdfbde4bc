"""Mends what a killed run of the engine left in the rehearsal's state: locks of the dead, creates without an answer."""

from __future__ import annotations

import json
import os
import socket
import time
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from ops.engine import Engine
from ops.errors import OperationError
from ops.exit_code import ExitCode
from ops.sandboxed import Sandboxed
from sandbox.client import Client
from settings.stack import NAMESPACE

_SETTLE_SECONDS: Final = 5.0
_POLL_SECONDS: Final = 0.1


def recover(engine: Engine, surroundings: Sandboxed, client: Client) -> str:
    """Release dead locks, and settle creates that were under way. Returns what was done, `""` for nothing.

    Raises OperationError when a living process holds the lock.
    """
    done = []
    locks = list(_locks(surroundings.home / "state", engine.stack))
    for lock in locks:
        _refuse_living(lock)
    if locks:
        engine.cancel()
        done.append("released the lock of a process that is gone")
    pending = _pending_creates(surroundings.home / "state", engine.stack)
    if pending:
        _settle(engine, client, pending, surroundings.home)
        done.append(f"settled what was being created: {', '.join(map(_name, pending))}")
    return ", ".join(done)


def _locks(state: Path, stack: str) -> Iterator[Mapping[str, Any]]:
    folder = state / ".pulumi" / "locks" / "organization" / NAMESPACE / stack
    for file in sorted(folder.glob("*.json")):
        yield json.loads(file.read_text(encoding="utf-8"))


def _refuse_living(lock: Mapping[str, Any]) -> None:
    if lock.get("hostname") == socket.gethostname() and not _alive(int(lock["pid"])):
        return
    raise OperationError(
        f"another run holds the stack: process {lock['pid']} of {lock.get('username')} on {lock.get('hostname')}, "
        f"since {lock.get('timestamp')}; wait for it to end",
        ExitCode.REFUSED,
    )


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _pending_creates(state: Path, stack: str) -> list[Mapping[str, Any]]:
    file = state / ".pulumi" / "stacks" / NAMESPACE / f"{stack}.json"
    if not file.exists():
        return []
    deployment = json.loads(file.read_text(encoding="utf-8")).get("checkpoint", {}).get("latest") or {}
    operations = deployment.get("pending_operations") or []
    return [operation["resource"] for operation in operations if operation["type"] == "creating"]


def _settle(engine: Engine, client: Client, pending: list[Mapping[str, Any]], folder: Path) -> None:
    """What exists in the cloud is taken into the state, what does not is forgotten, so that `up` makes it anew."""
    known = {resource.get("id") for resource in engine.state().get("resources", [])}
    found = {str(resource["urn"]): _made_soon(client, resource, known) for resource in pending}
    engine.settle_creates({urn: id_ for urn, id_ in found.items() if id_}, folder)
    outcome = engine.refresh(None, "--yes", "--skip-preview")
    if not outcome.ok:
        raise OperationError("\n".join(outcome.errors), ExitCode.ENGINE)


def _made_soon(client: Client, resource: Mapping[str, Any], known: Collection[object]) -> str:
    """As `_made`, but a request that was under way when its sender died may still be carried out."""
    deadline = time.monotonic() + _SETTLE_SECONDS
    while not (found := _made(client, resource, known)) and time.monotonic() < deadline:
        time.sleep(_POLL_SECONDS)
    return found


def _made(client: Client, resource: Mapping[str, Any], known: Collection[object]) -> str:
    """The id of the live resource that the cut-off create made, `""` if it made none.

    It is one that the state does not know and that has the plain inputs that were sent.
    """
    sent = {key: value for key, value in (resource.get("inputs") or {}).items() if isinstance(value, str | int | bool)}
    name = (resource.get("inputs") or {}).get("spec", {}).get("name")
    for entry in client.resources(_kind(str(resource["type"]))).popitem()[1]:
        properties = entry["properties"]
        same_name = name is None or properties.get("spec", {}).get("name") == name
        if entry["id"] not in known and same_name and all(properties.get(key) == value for key, value in sent.items()):
            return str(entry["id"]).rpartition("/")[2]
    return ""


def _name(resource: Mapping[str, Any]) -> str:
    return str(resource["urn"]).rpartition("::")[2]


def _kind(token: str) -> str:
    """`digitalocean:index/app:App` → `digitalocean/app`, as the emulated cloud files it."""
    package, module, _ = token.split(":")
    return f"{package}/{module.rpartition('/')[2]}"
