"""The provider as a process: prints its port and serves until the engine is gone."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from fly.provider.resource import Resource
from fly.provider.server import FlyProvider, served
from fly.runner import Runner

PARENT_POLL_SECONDS = 0.5
SWITCH_SECONDS = 0.0005
"""How long an import beside the server may keep it from answering. Python's own 5 ms add up over a handshake."""


def main() -> None:
    """Serve. The folder for flyctl's files goes when the provider does."""
    with tempfile.TemporaryDirectory(prefix="slipway-fly-") as folder:
        asyncio.run(_serve(Path(folder), os.environ))


async def _serve(folder: Path, environment: Mapping[str, str]) -> None:
    # Before the port is told: where the engine is gone by then, telling it fails.
    engine = os.getppid()
    runner = Runner(environment.get("FLYCTL_PATH") or "flyctl", environment, folder)
    kinds: asyncio.Future[Mapping[str, Resource]] = asyncio.get_running_loop().create_future()
    server, port = await served(FlyProvider(lambda: kinds, runner.cancel))
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    ended = asyncio.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(sign, ended.set)
    orphaned = asyncio.ensure_future(_orphaned(engine))
    orphaned.add_done_callback(lambda _: ended.set())
    # While the engine shakes hands, it keeps all resources waiting, those of other providers as well.
    sys.setswitchinterval(SWITCH_SECONDS)
    kinds.set_result(await asyncio.to_thread(_kinds, runner, folder, environment))
    await ended.wait()
    orphaned.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await orphaned
    await runner.cancel()
    await server.stop(grace=1)


def _kinds(runner: Runner, folder: Path, environment: Mapping[str, str]) -> dict[str, Resource]:
    """What is served: its imports take longer than the server's start."""
    from fly.provider.kinds import kinds

    return kinds(runner, folder, environment)


async def _orphaned(parent: int) -> None:
    """Returns when the engine that started this process is gone: nobody would record what is done from then on."""
    while os.getppid() == parent:
        await asyncio.sleep(PARENT_POLL_SECONDS)
