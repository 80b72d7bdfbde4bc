"""A whole sandbox in this process, on a loop of its own, for tests that talk to it over its sockets."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import urllib3

from sandbox.client import Client
from sandbox.server import SERVER_FILE, Sandbox

HTTP = urllib3.PoolManager(retries=False, timeout=30)


@contextmanager
def sandbox_in_process(home: Path) -> Iterator[Client]:
    """Open a sandbox, give a client of its control API, close it."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()

    async def make() -> Sandbox:
        return Sandbox(home)

    sandbox: Sandbox = asyncio.run_coroutine_threadsafe(make(), loop).result(30)
    asyncio.run_coroutine_threadsafe(sandbox.open(), loop).result(30)
    try:
        yield Client(json.loads((home / SERVER_FILE).read_text())["control"])
    finally:
        asyncio.run_coroutine_threadsafe(sandbox.close(), loop).result(30)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(30)
        loop.close()
