"""The WebSockets of an emulated app: Socket.IO at /socket.io/, and an echo where a path ends in /ws.

Of Socket.IO it speaks what a client needs that goes straight to a WebSocket: the handshake of Engine.IO 4, its
heartbeat, connecting to the default namespace. Events are taken and nobody hears of them.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import secrets
from typing import Final

from starlette.websockets import WebSocket, WebSocketDisconnect

PING_INTERVAL_SECONDS: Final = 25
PING_TIMEOUT_SECONDS: Final = 20
"""What a Socket.IO server says unless it is told otherwise (socket.io documentation, "Server options", 2026)."""

_LONGEST_BYTES: Final = 1_000_000


async def talk(socket: WebSocket) -> None:
    """Serve one socket to its end; one at another path is refused."""
    path = socket.url.path
    engine_io = path == "/socket.io/" and socket.query_params.get("EIO") == "4"
    if not engine_io and not path.endswith("/ws"):
        await socket.close()
        return
    await socket.accept()
    with contextlib.suppress(WebSocketDisconnect):
        await (_engine_io(socket) if engine_io else _echo(socket))


async def _echo(socket: WebSocket) -> None:
    while True:
        await socket.send_text(await socket.receive_text())


async def _engine_io(socket: WebSocket) -> None:
    agreed = {
        "sid": secrets.token_urlsafe(15),
        "upgrades": [],
        "pingInterval": PING_INTERVAL_SECONDS * 1000,
        "pingTimeout": PING_TIMEOUT_SECONDS * 1000,
        "maxPayload": _LONGEST_BYTES,
    }
    await socket.send_text(f"0{json.dumps(agreed)}")
    heart = asyncio.create_task(_beat(socket))
    try:
        while True:
            if (await socket.receive_text()).startswith("40"):
                await socket.send_text(f"40{json.dumps({'sid': secrets.token_urlsafe(15)})}")
    finally:
        heart.cancel()


async def _beat(socket: WebSocket) -> None:
    while True:
        await asyncio.sleep(PING_INTERVAL_SECONDS)
        await socket.send_text("2")
