"""The one place that starts flyctl.

A call has a time-out, is retried only where that is safe, can be cancelled with all its children, and hands back text
or an error of the tree in `fly.errors` with nothing secret in it.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import shutil
import signal
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from fly.commands.command import Command, Effect
from fly.environment import flyctl_environment, tokens_in
from fly.errors import Cancelled, FlyctlMissing, FlyError, LeaseHeld, RateLimited, TimedOut, Unavailable
from fly.limits import LEASE_BACKOFF, READS_AT_ONCE, WRITES_AT_ONCE, Backoff
from fly.redaction import redacted
from fly.refusals import CANCELLED_EXIT_CODE, refusal

TERMINATION_SECONDS = 5.0


@dataclass(frozen=True)
class Finished:
    """What flyctl printed, redacted, when it ended with exit code 0."""

    stdout: str
    stderr: str


class Runs(Protocol):
    """Anything that carries out a command: the runner, or the script of a test."""

    async def run(self, command: Command) -> Finished: ...


class Runner:
    """Runs flyctl processes. One per provider process: the caps on processes are global to it."""

    def __init__(self, flyctl: str, environment: Mapping[str, str], folder: Path) -> None:
        """`flyctl` is a name or path, `environment` ours, `folder` an empty private one where flyctl works."""
        self._flyctl = flyctl
        self._folder = folder
        self._environment = flyctl_environment(environment, str(folder))
        self._tokens = tokens_in(environment)
        self._slots = {Effect.READ: asyncio.Semaphore(READS_AT_ONCE), Effect.WRITE: asyncio.Semaphore(WRITES_AT_ONCE)}
        self._running: set[asyncio.subprocess.Process] = set()
        self._cancelled = False
        self._backoff = Backoff()
        self._chance = random.Random()  # noqa: S311 - jitter, not a secret

    async def run(self, command: Command) -> Finished:
        """Carry out one command. Raises an error of `fly.errors`; never half an answer."""
        attempt = 1
        while True:
            try:
                return await self._once(command)
            except FlyError as error:
                backoff = LEASE_BACKOFF if isinstance(error, LeaseHeld) else self._backoff
                if attempt >= backoff.attempts or not worth_another_try(command, error):
                    raise
            await asyncio.sleep(backoff.seconds(attempt, self._chance))
            attempt += 1

    async def cancel(self) -> None:
        """Stop every flyctl that runs, and start no other one."""
        self._cancelled = True
        await asyncio.gather(*(stopped(process) for process in tuple(self._running)))

    async def _once(self, command: Command) -> Finished:
        async with self._slots[command.effect]:
            if self._cancelled:
                raise Cancelled(str(command))
            process = await self._start(command)
            self._running.add(process)
            try:
                if self._cancelled:  # while it was being started
                    raise Cancelled(str(command))
                stdout, stderr = await self._output(process, command)
            finally:
                await stopped(process)
                self._running.discard(process)
        if self._cancelled or process.returncode == CANCELLED_EXIT_CODE:
            raise Cancelled(str(command))
        if process.returncode != 0:
            raise refusal(command, process.returncode or 0, stderr)
        return Finished(stdout, stderr)

    async def _start(self, command: Command) -> asyncio.subprocess.Process:
        flyctl = shutil.which(self._flyctl, path=self._environment.get("PATH"))
        if flyctl is None:
            raise FlyctlMissing(self._flyctl)
        try:
            return await asyncio.create_subprocess_exec(
                *_dying_with_us(),
                flyctl,
                *command.argv,
                stdin=asyncio.subprocess.DEVNULL if command.stdin is None else asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
                env=self._environment,
                cwd=self._folder,
                start_new_session=True,
            )
        except OSError as error:
            raise FlyctlMissing(self._flyctl) from error

    async def _output(self, process: asyncio.subprocess.Process, command: Command) -> tuple[str, str]:
        sent = None if command.stdin is None else command.stdin.encode()
        try:
            out, err = await asyncio.wait_for(process.communicate(sent), command.timeout_seconds)
        except TimeoutError as error:
            raise TimedOut(str(command), command.timeout_seconds) from error
        secrets = (*self._tokens, *command.secrets)
        return redacted(out.decode(errors="replace"), secrets), redacted(err.decode(errors="replace"), secrets)


def worth_another_try(command: Command, error: FlyError) -> bool:
    """A refused-for-rate request was not carried out, so any command may be sent again; else only reads may."""
    if isinstance(error, RateLimited | LeaseHeld):
        return True
    return command.effect is Effect.READ and isinstance(error, Unavailable | TimedOut)


async def stopped(process: asyncio.subprocess.Process) -> None:
    """End a process and its children: asked first, so that flyctl gives its leases back, then killed."""
    for sign, seconds in ((signal.SIGTERM, TERMINATION_SECONDS), (signal.SIGKILL, TERMINATION_SECONDS)):
        if process.returncode is not None:
            return
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, sign)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(process.wait(), seconds)


def _dying_with_us() -> list[str]:
    """Where the system can, flyctl is told to end when this process is killed, so no deploy runs on unwatched."""
    setpriv = shutil.which("setpriv") if sys.platform == "linux" else None
    return [setpriv, "--pdeathsig", "TERM", "--"] if setpriv else []
