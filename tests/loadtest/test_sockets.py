"""Users with a WebSocket, against the emulated app's own sockets."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from ops.loadtest.sockets import SocketRecording, Sockets
from ops.loadtest.target import Target
from sandbox import sockets
from sandbox.instances import Behaviour, Instance
from sandbox.listener import Listener, bind
from settings.load_test import LoadSocket
from tests.loadtest.plans import plan, steady

pytestmark = pytest.mark.server

App = Callable[..., Any]
SETTINGS = LoadSocket(path="/socket.io", protocol="socket.io", users=4, every=timedelta(milliseconds=100), event="vote")


def measured(
    settings: LoadSocket, app: App | None = None, seconds: float = 0.5, timeout: float = 30
) -> SocketRecording:
    """What the sockets of a short test saw of an app on loopback."""

    async def both() -> SocketRecording:
        listener = Listener(app or Instance("i", Behaviour("sample", "sjc", None, ("/health",))), bind(None))
        await listener.open()
        wanted = plan(steady(0.1, 1, judged=False), steady(seconds, 1, start=0.1), timeout=timeout, socket=settings)
        try:
            return await Sockets(wanted, settings, Target(f"http://127.0.0.1:{listener.port}")).run()
        finally:
            await listener.close()

    return asyncio.run(both())


def test_users_come_stay_and_measure_the_way_there_and_back() -> None:
    found = measured(SETTINGS)
    assert (found.most_open, found.lost, found.open_now) == (4, 0, 0)
    assert found.opening.total == 4
    # Four or five each, by when they came.
    assert 16 <= found.trips.total <= 20
    assert found.trips.percentile(50) > 0


def test_users_who_have_nothing_to_measure_yet_stay_as_well() -> None:
    found = measured(SETTINGS.model_copy(update={"every": timedelta(seconds=10)}), seconds=0.3)
    assert (found.most_open, found.trips.total) == (4, 0)


def test_a_plain_websocket_is_asked_by_ping() -> None:
    found = measured(LoadSocket(path="/ws", users=2, every=timedelta(milliseconds=100)))
    assert (found.most_open, found.lost) == (2, 0)
    assert found.trips.total >= 8


def test_a_heartbeat_is_answered_and_one_that_fails_to_come_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sockets, "PING_INTERVAL_SECONDS", 0.1)
    monkeypatch.setattr(sockets, "PING_TIMEOUT_SECONDS", 2)
    # Without heartbeats, or without answers to them, each would have been over by then.
    assert measured(SETTINGS, seconds=3).lost == 0

    async def no_heart(_: object) -> None:
        await asyncio.sleep(60)

    monkeypatch.setattr(sockets, "_beat", no_heart)
    assert measured(SETTINGS, seconds=4).failures == {"no heartbeat": 4}


def test_a_heartbeat_that_is_not_answered_would_end_the_session() -> None:
    async def strict(scope: Any, receive: Any, send: Any) -> None:
        async def heard() -> str:
            return str((await receive()).get("text"))

        async def say(text: str) -> None:
            await send({"type": "websocket.send", "text": text})

        await receive()
        await send({"type": "websocket.accept"})
        await say('0{"pingInterval": 100, "pingTimeout": 30000}')
        assert await heard() == "40"
        await say("2")
        if await heard() == "3":
            await say('40{"sid": "a"}')
        await receive()

    found = measured(SETTINGS.model_copy(update={"event": None, "users": 1}), strict)
    assert (found.most_open, found.lost) == (1, 0)


def test_a_socket_that_is_refused_is_an_error_by_its_reason() -> None:
    found = measured(SETTINGS.model_copy(update={"path": "/elsewhere"}))
    assert (found.failures, found.most_open) == ({"handshake refused": 4}, 0)


def test_a_server_that_speaks_no_engine_io_is_an_error() -> None:
    async def greets(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "websocket.accept"})
        await send({"type": "websocket.send", "text": "hello"})
        await receive()

    assert measured(SETTINGS, greets).failures == {"no Engine.IO handshake": 4}


def test_a_server_that_closes_is_an_error() -> None:
    async def closes(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "websocket.accept"})
        await asyncio.sleep(0.05)
        await send({"type": "websocket.close"})

    found = measured(LoadSocket(path="/ws", users=2, every=timedelta(milliseconds=100)), closes)
    assert found.failures == {"closed by the server": 2}


def test_a_server_that_says_nothing_is_waited_for_until_the_timeout() -> None:
    async def silent(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "websocket.accept"})
        await receive()

    assert measured(SETTINGS, silent, timeout=0.2).failures == {"timeout": 4}
