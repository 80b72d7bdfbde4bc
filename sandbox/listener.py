"""One HTTP listener on loopback, in this process and on this loop."""

from __future__ import annotations

import asyncio
import secrets
import socket
import time
from typing import Any

import uvicorn

from sandbox.errors import PortTakenError

LOOPBACK = "127.0.0.1"

# Below the ports that Linux and macOS hand out by themselves, so that a port is still free after a restart.
_PORTS = range(20_000, 30_000)
_TRIES = 50

_FINISH_SECONDS = 1.0
_POLL_SECONDS = 0.002


def bind(port: int | None, *, strict: bool = False) -> socket.socket:
    """A bound loopback socket that does not listen yet: on `port` when it is free, else on any.

    With `strict` a port in use raises PortTakenError.
    """
    # asyncio sends small packets at once (TCP_NODELAY) only on a socket that names its protocol; else 40 ms a reply.
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if port and _bound(sock, port):
        return sock
    if port and strict:
        sock.close()
        raise PortTakenError(
            f"port {port} on {LOOPBACK} is in use by another program; stop that program or choose another port"
        )
    if not any(_bound(sock, secrets.choice(_PORTS)) for _ in range(_TRIES)):
        sock.bind((LOOPBACK, 0))
    return sock


def _bound(sock: socket.socket, port: int) -> bool:
    try:
        sock.bind((LOOPBACK, port))
    except OSError:
        return False
    return True


def free_port(port: int | None) -> int:
    """`port` when it is free on loopback now, else another one that is."""
    with bind(port) as sock:
        return int(sock.getsockname()[1])


class Listener:
    """Serves an ASGI application on a bound socket from `open` to `close`.

    With `lifespan` the application is told of its start and its end.
    """

    def __init__(self, app: Any, sock: socket.socket, *, lifespan: bool = False) -> None:
        self.port = int(sock.getsockname()[1])
        self._socket = sock
        config = uvicorn.Config(
            app,
            lifespan="on" if lifespan else "off",
            log_config=None,
            access_log=False,
            server_header=False,
            date_header=False,
            proxy_headers=False,
        )
        config.load()
        self._server = uvicorn.Server(config)
        self._server.lifespan = config.lifespan_class(config)

    @property
    def is_open(self) -> bool:
        """True while connections are accepted."""
        return self._server.started and not self._server.should_exit

    async def open(self) -> None:
        """Start to accept connections."""
        self._socket.listen(128)
        await self._server.startup(sockets=[self._socket])

    async def close(self) -> None:
        """Stop accepting, finish what is being answered (for at most a second), and free the port."""
        if self._server.started:
            self._server.should_exit = True
            await self._shut()
        self._socket.close()

    async def _shut(self) -> None:
        """As uvicorn's own shutdown, which looks every 100 ms only and so makes every stop take that long."""
        state = self._server.server_state
        for server in self._server.servers:
            server.close()
        for connection in list(state.connections):
            connection.shutdown()
        end = time.monotonic() + _FINISH_SECONDS
        while (state.connections or state.tasks) and time.monotonic() < end:
            await asyncio.sleep(_POLL_SECONDS)
        for task in state.tasks:
            task.cancel()
        await self._server.lifespan.shutdown()
