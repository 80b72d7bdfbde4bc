"""Starts the real servers of Debian's packages on loopback, in a folder of their own, as somebody who may."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from sandbox import listener

_FOLDERS = [*os.environ.get("PATH", "").split(":"), "/usr/sbin", *map(str, Path("/usr/lib/postgresql").glob("*/bin"))]
START_SECONDS = 60.0


def program(name: str) -> str:
    """The path of a program; skips the test where it is not installed."""
    found = shutil.which(name, path=":".join(_FOLDERS))
    if found is None:
        pytest.skip(f"{name} is not installed; on Debian and Ubuntu, run: make setup-servers")
    return found


def user() -> str:
    """Who runs the servers: PostgreSQL and PgBouncer refuse to be root."""
    if os.geteuid() != 0:
        return pwd.getpwuid(os.geteuid()).pw_name
    try:
        return pwd.getpwnam("postgres").pw_name
    except KeyError:
        pytest.skip("root cannot run PostgreSQL, and there is no user postgres; run: make setup-servers")


@contextmanager
def private_folder(*, in_memory: bool = False) -> Iterator[Path]:
    """A short path, as sockets need one, that only the servers' user can enter. `in_memory` where Linux has such."""
    memory = "/dev/shm" if in_memory and os.access("/dev/shm", os.W_OK) else None  # noqa: S108  a folder of our own there
    folder = Path(tempfile.mkdtemp(prefix="slipway-", dir=memory))
    shutil.chown(folder, user())
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def free_port() -> int:
    """One that the system gives to no client or server that takes any."""
    return listener.free_port(None)


def write(file: Path, text: str) -> Path:
    file.write_text(text)
    file.chmod(0o600)
    shutil.chown(file, user())
    return file


def run(*command: str | Path, check: bool = True, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a program to its end as the servers' user."""
    return subprocess.run(
        [str(part) for part in command],
        env={**os.environ, **environment},
        user=user() if os.geteuid() == 0 else None,
        cwd="/",
        capture_output=True,
        text=True,
        check=check,
        timeout=60,
    )


class Server:
    """A server program that runs until it is stopped."""

    def __init__(self, command: list[str | Path], log: Path, port: int) -> None:
        self.port = port
        self._log = log
        with log.open("ab") as out:
            self.process = subprocess.Popen(
                [str(part) for part in command],
                user=user() if os.geteuid() == 0 else None,
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                start_new_session=True,
            )

    def wait_until(self, ready: Callable[[], bool]) -> None:
        end = time.monotonic() + START_SECONDS
        while not ready():
            if self.process.poll() is not None or time.monotonic() > end:
                raise AssertionError(f"{self.process.args} did not start:\n{self.said()}")
            time.sleep(0.02)

    def said(self) -> str:
        return self._log.read_text(errors="replace")

    def listens(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def kill(self) -> None:
        self._end(signal.SIGKILL)

    def stop(self, sign: signal.Signals = signal.SIGTERM) -> int:
        """End it as a platform does; how it ended."""
        return self._end(sign)

    def _end(self, sign: signal.Signals) -> int:
        if self.process.poll() is None:
            self.process.send_signal(sign)
        try:
            return self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise
