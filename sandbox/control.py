"""Starts, finds and stops a sandbox's process."""

from __future__ import annotations

import errno
import fcntl
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sandbox import errors
from sandbox.client import Client
from sandbox.code_stamp import code_stamp
from sandbox.errors import NoSpaceError, NotRunningError, SandboxError

SERVER_FILE = "server.json"
FAILURE_FILE = "failure.json"
LOG_FILE = "server.log"
LOCK_FILE = "start.lock"

START_SECONDS = 30
STOP_SECONDS = 10
_POLL_SECONDS = 0.02


@dataclass(frozen=True)
class Endpoints:
    """Where a running sandbox listens, all on loopback."""

    pid: int
    started_at: str
    digitalocean: int
    cloudflare: int
    control: str
    fly: dict[str, str]
    apis: dict[str, str] = field(default_factory=dict)

    def environment(self) -> dict[str, str]:
        """What the engine, flyctl and the providers need in their environment to talk to this sandbox only.

        The tokens are dummies: the real clients refuse to start without one.
        """
        return {
            "PULUMI_DEBUG_PROVIDERS": f"digitalocean:{self.digitalocean},cloudflare:{self.cloudflare}",
            "DIGITALOCEAN_TOKEN": "sandbox",
            "DIGITALOCEAN_API_URL": self.apis["digitalocean"],
            "CLOUDFLARE_API_TOKEN": "sandbox-token-that-opens-nothing-0000000",
            "CLOUDFLARE_BASE_URL": self.apis["cloudflare"],
            "FLY_API_TOKEN": "sandbox",
            "FLY_API_BASE_URL": self.fly["graphql"],
            "FLY_FLAPS_BASE_URL": self.fly["machines"],
            "FLY_UIEX_BASE_URL": self.fly["uiex"],
            "SLIPWAY_FLY_APP_LOOKUP": f"{self.fly['machines']}/sandbox/fly/apps/{{app}}",
            "FLY_NO_UPDATE_CHECK": "1",
            "FLY_SEND_METRICS": "0",
        }


def start(home: Path, *, control_port: int | None = None) -> Endpoints:
    """The running sandbox of this home directory; started when there is none, or one that runs older code.

    Raises SandboxError: a port asked for is taken, no disk space, a store that cannot be read.
    """
    try:
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        with _lock(home):
            running = find(home)
            if running and _is_current(running):
                return running
            if running:
                _end(running.pid)
            return _spawn(home, control_port)
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise NoSpaceError(
                f"no disk space is left for the sandbox in {home}; free some and start it again"
            ) from error
        raise SandboxError(f"the sandbox cannot start in {home}: {error}; make that folder writable") from error


def _is_current(running: Endpoints) -> bool:
    return bool(Client(running.control).status().get("code") == code_stamp())


def find(home: Path) -> Endpoints | None:
    """The running sandbox of this home directory, or None. A server.json that a dead process left is no sandbox."""
    try:
        written = json.loads((home / SERVER_FILE).read_text())
        endpoints = Endpoints(**written)
    except (OSError, ValueError, TypeError):
        return None
    try:
        answering = Client(endpoints.control).status()["pid"]
    except SandboxError:
        return None
    return endpoints if answering == endpoints.pid else None


def stop(home: Path, *, remove: bool = False) -> bool:
    """Stop the sandbox, if it runs; with `remove` its directory goes too. Returns whether one was running."""
    if not home.exists():
        return False
    with _lock(home) as lock:
        running = find(home)
        if running:
            _end(running.pid)
        if remove:
            shutil.rmtree(home, ignore_errors=True)
            lock.unlink()
    return running is not None


def status(home: Path) -> dict[str, Any]:
    """What runs: the answer of `GET /status`, and since when. Raises NotRunningError."""
    running = _found(home)
    return {"started_at": running.started_at, **Client(running.control).status()}


def client(home: Path) -> Client:
    """A client of the running sandbox. Raises NotRunningError."""
    return Client(_found(home).control)


def _found(home: Path) -> Endpoints:
    running = find(home)
    if running is None:
        raise NotRunningError(f"no sandbox runs in {home}; start one with `./slipway sandbox start`")
    return running


def _spawn(home: Path, control_port: int | None) -> Endpoints:
    for stale in (SERVER_FILE, FAILURE_FILE):
        (home / stale).unlink(missing_ok=True)
    command = [sys.executable, "-m", "sandbox", "serve", "--home", str(home)]
    if control_port:
        command += ["--control-port", str(control_port)]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    root = Path(__file__).resolve().parent.parent
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, (str(root), environment.get("PYTHONPATH"))))
    with (home / LOG_FILE).open("ab") as log:
        process = subprocess.Popen(  # noqa: S603 - this interpreter, this package, no shell
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            env=environment,
            cwd=root,
        )
    # Somebody must wait for it, or it stays behind as a zombie of this process when it ends.
    threading.Thread(target=process.wait, daemon=True).start()
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.returncode is not None:
            raise _failure(home)
        if (home / SERVER_FILE).exists():
            endpoints = find(home)
            if endpoints:
                return endpoints
        time.sleep(_POLL_SECONDS)
    _end(process.pid)
    raise SandboxError(f"the sandbox did not listen within {START_SECONDS} s; see {home / LOG_FILE}")


def _failure(home: Path) -> SandboxError:
    try:
        left = json.loads((home / FAILURE_FILE).read_text())
    except (OSError, ValueError):
        return SandboxError(f"the sandbox ended while it started; see {home / LOG_FILE}")
    kind = getattr(errors, left["kind"], SandboxError)
    failure: SandboxError = kind(left["message"])
    return failure


def _end(pid: int) -> None:
    """Ask a process to end; after STOP_SECONDS make it."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            return
        deadline = time.monotonic() + STOP_SECONDS
        while time.monotonic() < deadline:
            if not _alive(pid):
                return
            time.sleep(_POLL_SECONDS)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@contextmanager
def _lock(home: Path) -> Iterator[Path]:
    """Held while a sandbox is started or stopped, so that two starts make one process. Gives the lock's file."""
    # In the home directory the lock would go with it: `stop` may remove that.
    path = home.parent / f".{home.name}.{LOCK_FILE}"
    while True:
        with path.open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            # While this process waited, the one that held the lock may have removed the file.
            if path.exists() and os.path.samestat(os.fstat(file.fileno()), path.stat()):
                yield path
                return
