"""Users with an open WebSocket: they come one by one, stay, and measure the way there and back when it is due.

With Socket.IO it covers what a browser does that goes straight to a WebSocket: the Engine.IO 4 handshake, the default
namespace, the server's heartbeat, emitting an event. It covers neither long polling and the change from it, nor other
namespaces, binary events and acknowledgements.
"""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from dataclasses import dataclass, field
from typing import Final

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, WebSocketException

from ops.loadtest.histogram import Histogram
from ops.loadtest.target import AGENT, Target
from planning.load_plan import LoadPlan
from settings.load_test import LoadSocket

_SHORTEST_ARRIVAL_SECONDS: Final = 0.5
"""Over how long they come where the first phase is judged already."""

_ROUNDING_SECONDS: Final = 1e-6

_EIO_OPEN, _EIO_CLOSE, _EIO_PING, _EIO_PONG = "0", "1", "2", "3"
_CONNECT, _DISCONNECT, _EVENT, _REFUSED = "40", "41", "42", "44"
"""Packets of Engine.IO 4, and behind its `4` (message) those of Socket.IO 5 (socket.io, "The Socket.IO protocol")."""


class _ProtocolError(Exception):
    """The server said what it must not say here."""


@dataclass
class SocketRecording:
    """What the users with a WebSocket saw."""

    wanted: int = 0
    opening: Histogram = field(default_factory=Histogram)
    """From when one was due to the end of its handshake."""
    trips: Histogram = field(default_factory=Histogram)
    """There and back, from when it was due."""
    failures: Counter[str] = field(default_factory=Counter)
    """What was wrong with each that did not come or did not stay."""
    open_now: int = 0
    most_open: int = 0

    @property
    def lost(self) -> int:
        return self.failures.total()


class Sockets:
    """All of them, in one event loop with the generator."""

    def __init__(self, plan: LoadPlan, settings: LoadSocket, target: Target) -> None:
        self.recording = SocketRecording(wanted=settings.users)
        self._settings = settings
        self._target = target
        self._timeout = plan.timeout_seconds
        judged = [phase for phase in plan.phases if phase.judged]
        self._arrival = max(judged[0].start, min(_SHORTEST_ARRIVAL_SECONDS, plan.seconds / 10))
        self._end = judged[-1].start + judged[-1].seconds
        scheme, path = ("wss" if target.tls else "ws"), settings.path
        if settings.protocol == "socket.io":
            path = f"{path.rstrip('/')}/?EIO=4&transport=websocket"
        self._uri = f"{scheme}://{target.url.partition('://')[2]}{path}"

    async def run(self) -> SocketRecording:
        """Run until the last judged phase is over."""
        begun = asyncio.get_running_loop().time()
        users = self._settings.users
        await asyncio.gather(*(self._user(begun, self._arrival * number / users) for number in range(users)))
        return self.recording

    async def _user(self, begun: float, due: float) -> None:
        loop = asyncio.get_running_loop()
        await asyncio.sleep(due)
        try:
            async with asyncio.timeout(self._timeout):
                session = await self._connected()
        except TimeoutError:
            self.recording.failures["timeout"] += 1
            return
        except (OSError, WebSocketException, _ProtocolError) as error:
            self.recording.failures[_reason(error)] += 1
            return
        self.recording.opening.add(loop.time() - begun - due)
        self.recording.open_now += 1
        self.recording.most_open = max(self.recording.most_open, self.recording.open_now)
        try:
            await self._stay(session, begun, due)
        except (OSError, WebSocketException, _ProtocolError, TimeoutError) as error:
            self.recording.failures[_reason(error)] += 1
        finally:
            self.recording.open_now -= 1
            await session.socket.close()

    async def _connected(self) -> _Session:
        headers = {name: value.get_secret_value() for name, value in self._target.headers.items()}
        socket = await connect(
            self._uri,
            additional_headers=headers,
            user_agent_header=AGENT,
            compression=None,
            proxy=None,
            ping_interval=None,
            open_timeout=None,
            close_timeout=1,
        )
        session = _Session(socket)
        if self._settings.protocol == "socket.io":
            try:
                await session.shake_hands()
            except BaseException:
                await socket.close()
                raise
        return session

    async def _stay(self, session: _Session, begun: float, due: float) -> None:
        """Hear what comes, and ask when it is due, until the end."""
        hearing = asyncio.create_task(session.hear())
        asking: set[asyncio.Task[None]] = set()
        every, end = self._settings.every.total_seconds(), begun + self._end
        try:
            moment = begun + due
            while moment < end:
                moment = min(end, moment + every)
                await self._hear_until(moment, hearing)
                asking = {task for task in asking if not _settled(task)}
                # A sum of many steps may fall a little short of the end.
                if moment < end - _ROUNDING_SECONDS:
                    asking.add(asyncio.create_task(self._ask(session, moment)))
            for task in asking:
                await task
        finally:
            for task in (hearing, *asking):
                task.cancel()
            await asyncio.gather(hearing, *asking, return_exceptions=True)

    @staticmethod
    async def _hear_until(moment: float, hearing: asyncio.Task[None]) -> None:
        """Wait for a moment. Raises what hearing raised until then."""
        await asyncio.wait([hearing], timeout=max(0.0, moment - asyncio.get_running_loop().time()))
        if hearing.done():
            hearing.result()

    async def _ask(self, session: _Session, due: float) -> None:
        if self._settings.event:
            await session.emit(self._settings.event)
        async with asyncio.timeout(self._timeout):
            await (await session.socket.ping())
        self.recording.trips.add(asyncio.get_running_loop().time() - due)


class _Session:
    """An open WebSocket, and what is agreed on it."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self._patience: float | None = None

    async def shake_hands(self) -> None:
        """Engine.IO's handshake, and the default namespace of Socket.IO."""
        opened = str(await self.socket.recv())
        try:
            agreed = json.loads(opened.removeprefix(_EIO_OPEN))
            self._patience = (float(agreed["pingInterval"]) + float(agreed["pingTimeout"])) / 1000
        except (ValueError, KeyError, TypeError):
            raise _ProtocolError("no Engine.IO handshake") from None
        await self.socket.send(_CONNECT)
        while not (answer := str(await self.socket.recv())).startswith((_CONNECT, _REFUSED)):
            await self._answer(answer)
        if answer.startswith(_REFUSED):
            raise _ProtocolError("namespace refused")

    async def emit(self, event: str) -> None:
        await self.socket.send(_EVENT + json.dumps([event]))

    async def hear(self) -> None:
        """Read until the server ends it, which raises."""
        while True:
            try:
                async with asyncio.timeout(self._patience):
                    await self._answer(str(await self.socket.recv()))
            except TimeoutError:
                raise _ProtocolError("no heartbeat") from None

    async def _answer(self, message: str) -> None:
        if self._patience is None:
            return
        if message == _EIO_PING:
            await self.socket.send(_EIO_PONG)
        elif message.startswith((_EIO_CLOSE, _DISCONNECT)):
            raise _ProtocolError("closed by the server")


def _settled(task: asyncio.Task[None]) -> bool:
    """Whether it is over. Raises what it raised."""
    if not task.done():
        return False
    task.result()
    return True


def _reason(error: Exception) -> str:
    """In few words, the same for all of a kind."""
    if isinstance(error, _ProtocolError):
        return str(error)
    if isinstance(error, TimeoutError):
        return "timeout"
    if isinstance(error, ConnectionClosed):
        return "closed by the server"
    if isinstance(error, WebSocketException):
        return "handshake refused"
    return "no connection"
