"""Servers to put under load."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator

import pytest

from sandbox.instances import Behaviour, Instance
from sandbox.listener import Listener, bind
from tests.loadtest.artillery import Artillery
from tests.tetrix import ROOT

Start = Callable[..., str]


@pytest.fixture(scope="module")
def start() -> Iterator[Start]:
    """Starts a server on loopback that stands still for so long out of so many seconds; returns its URL."""
    running = []

    def start(stall: float = 0, every: float = 1) -> str:
        arguments = [sys.executable, "-m", "tests.loadtest.server", "0", str(stall), str(every)]
        process = subprocess.Popen(arguments, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        running.append(process)
        assert process.stdout
        return f"http://127.0.0.1:{int(process.stdout.readline())}"

    yield start
    for process in running:
        process.kill()
        process.communicate()


@pytest.fixture(scope="module")
def server(start: Start) -> str:
    """The URL of a server that never stands still."""
    return start()


@pytest.fixture(scope="module")
def app() -> Iterator[str]:
    """The URL of an emulated app, which takes WebSockets of both kinds."""
    instance = Instance("i", Behaviour("sample", "sjc", None, ("/a", "/b")))
    bound = bind(None)
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()

    async def listening() -> Listener:
        listener = Listener(instance, bound)
        await listener.open()
        return listener

    listener = asyncio.run_coroutine_threadsafe(listening(), loop).result()
    yield f"http://127.0.0.1:{listener.port}"
    asyncio.run_coroutine_threadsafe(listener.close(), loop).result()
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


@pytest.fixture(scope="session")
def artillery(tmp_path_factory: pytest.TempPathFactory) -> Artillery:
    """Artillery's check of its scripts."""
    return Artillery(tmp_path_factory.mktemp("artillery"))
