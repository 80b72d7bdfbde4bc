"""`sandbox start | stop | status | drift | faults`: the emulated cloud on this machine."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

from ops.checkpoint import mend_checkpoints
from ops.engine import Engine
from ops.errors import OperationError
from ops.exit_code import ExitCode
from ops.sandboxed import Sandboxed, prepare, refuse_foreign_backend, sandbox_home
from ops.stack import load_stack
from ops.world import seed
from sandbox import control
from sandbox.client import Client
from sandbox.errors import SandboxError
from sandbox.faults import Plan
from sandbox.fly.client import FlyClient
from settings.stack import Stack


class Clients(NamedTuple):
    """The running sandbox's own APIs."""

    control: Client
    fly: FlyClient


def start_sandbox(root: Path) -> Iterator[str]:
    refuse_foreign_backend(os.environ)
    with _explained():
        endpoints = control.start(sandbox_home(root))
    yield f"the emulated cloud runs (process {endpoints.pid}); to use it from this shell:"
    for name, value in sorted(endpoints.environment().items()):
        yield f"  export {name}={value}"


def stop_sandbox(root: Path, *, remove: bool) -> Iterator[str]:
    with _explained():
        stopped = control.stop(sandbox_home(root), remove=remove)
    yield "stopped" if stopped else "nothing was running"
    if remove:
        yield "removed everything that was in it"


def sandbox_status(root: Path, *, as_json: bool) -> Iterator[str]:
    with _client(root) as client:
        found, resources = client.status(), client.resources()
    if as_json:
        yield json.dumps({**found, "resources": resources})
        return
    yield f"process {found['pid']}, {found['faults']} faults planned"
    for app in found["apps"]:
        yield f"{app['name']}  {app['url']}"
        for instance in app["instances"]:
            yield f"  {instance['id']}  {instance['url']}  {'healthy' if instance['healthy'] else 'not healthy'}"
    for kind, entries in sorted(resources.items()):
        for entry in entries:
            yield f"{kind}  {_name(entry['properties'])}  {entry['id']}"


def run_pulumi(root: Path, stack_name: str, arguments: Sequence[str]) -> NoReturn:
    """Become the Pulumi CLI, in the surroundings of a rehearsal of the stack. Raises OperationError."""
    stack, surroundings, _ = surround(root, stack_name)
    engine = Engine(root, stack.name, surroundings.environment, surroundings.config_file)
    engine.create_stack(surroundings.home)
    engine.become(*arguments)


def surround(root: Path, stack_name: str) -> tuple[Stack, Sandboxed, Clients]:
    """A valid stack, the surroundings to rehearse it in, and clients of the sandbox that holds what it expects.

    A state of the rehearsal's own that was left unreadable is mended, which is said on stderr.
    """
    refuse_foreign_backend(os.environ)
    stack = load_stack(root, stack_name)
    with _explained():
        endpoints = control.start(sandbox_home(root))
        clients = Clients(Client(endpoints.control), FlyClient(endpoints.fly["machines"]))
        seed(clients.control, clients.fly, stack)
    sandboxed = prepare(root, stack, endpoints.environment())
    if sandboxed.own_state:
        for line in mend_checkpoints(sandboxed.own_state):
            # Beside the output proper, which a program may read.
            sys.stderr.write(f"{line}\n")
    return stack, sandboxed, clients


def make_drift(root: Path, resource: str, path: str, value: str | None) -> Iterator[str]:
    with _client(root) as client:
        kind, id_ = _find(client, resource)
        if path == "delete":
            client.delete(kind, id_)
            yield f"deleted {resource}"
        elif value is None:
            done = client.unset(kind, id_, path)
            yield f"{resource} {done['path']}: removed, was {json.dumps(done['before'])}"
        else:
            done = client.set(kind, id_, path, _value(value))
            yield f"{resource} {done['path']}: {json.dumps(done['before'])} → {json.dumps(done['after'])}"


def plan_faults(root: Path, plan: Plan | None, *, clear: bool) -> Iterator[str]:
    with _client(root) as client:
        if clear:
            yield f"{client.clear_faults()} faults removed"
        if plan:
            yield f"planned {client.plant(plan)}: {_shown(plan)}"
        if not clear and not plan:
            planned = client.faults()
            for id_, entry in planned.items():
                yield f"{id_}: {json.dumps(entry)}"
            if not planned:
                yield "no faults are planned"


def _find(client: Client, wanted: str) -> tuple[str, str]:
    """The kind and id of the one resource with this id or name."""
    found = [
        (kind, entry["id"])
        for kind, entries in client.resources().items()
        for entry in entries
        if wanted in {entry["id"], _name(entry["properties"]), f"{kind}/{_name(entry['properties'])}"}
    ]
    if len(found) == 1:
        return found[0]
    if found:
        choices = ", ".join(f"{kind}/{wanted}" for kind, _ in found)
        raise OperationError(f"{wanted} names several resources; say which: {choices}", ExitCode.USAGE)
    message = f"there is no {wanted} in the emulated cloud; see: ./slipway sandbox status"
    raise OperationError(message, ExitCode.USAGE)


def _name(properties: dict[str, Any]) -> str:
    """What a person calls the resource."""
    spec = properties.get("spec")
    name = properties.get("name") or (spec.get("name") if isinstance(spec, dict) else None)
    return str(name or properties.get("settingId") or properties.get("scriptName") or properties.get("pattern") or "")


def _value(text: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        return text


def _shown(plan: Plan) -> str:
    times = f"{plan.count} times" if plan.count else "always"
    return f"{plan.kind} for {plan.operation} of {plan.target} at {plan.api}, {times}"


@contextmanager
def _client(root: Path) -> Iterator[Client]:
    with _explained():
        yield control.client(sandbox_home(root))


@contextmanager
def _explained() -> Iterator[None]:
    try:
        yield
    except SandboxError as error:
        raise OperationError(str(error), ExitCode.SANDBOX) from error
