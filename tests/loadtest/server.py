"""A server to put under load, in a process of its own: `python -m tests.loadtest.server PORT [STALL EVERY]`.

Every answer takes no time, but for all of them together standing still for STALL seconds out of every EVERY. /slow
takes 50 ms, /error answers 500, /limited 429, /moved 302, /never does not answer, /close ends each connection, /once
ends it in place of a second answer, /kept comes from Cloudflare's cache nine times out of ten. It takes no WebSockets.
"""

from __future__ import annotations

import asyncio
import sys
import time
from asyncio import Protocol, Transport
from typing import cast

import httptools

SLOW_SECONDS = 0.05


class Server(Protocol):
    """One connection."""

    count = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("Transport", transport)
        self.parser = httptools.HttpRequestParser(self)
        self.path = b""
        self.answered = 0

    def data_received(self, data: bytes) -> None:
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            self.transport.close()

    def on_url(self, url: bytes) -> None:
        self.path = url

    def on_message_complete(self) -> None:
        Server.count += 1
        cache = b"HIT" if Server.count % 10 else b"MISS"
        match self.path:
            case b"/slow":
                asyncio.get_running_loop().call_later(SLOW_SECONDS, self.answer, b"200 OK")
            case b"/error":
                self.answer(b"500 Internal Server Error")
            case b"/limited":
                self.answer(b"429 Too Many Requests")
            case b"/moved":
                self.answer(b"302 Found", b"location: /\r\n")
            case b"/never":
                pass
            case b"/once" if self.answered:
                self.transport.close()
            case b"/close":
                self.answer(b"200 OK", b"connection: close\r\n")
                self.transport.close()
            case b"/kept":
                self.answer(b"200 OK", b"cf-cache-status: " + cache + b"\r\n")
            case _:
                self.answer(b"200 OK")

    def answer(self, status: bytes, headers: bytes = b"") -> None:
        self.answered += 1
        self.transport.write(b"HTTP/1.1 " + status + b"\r\ncontent-length: 2\r\n" + headers + b"\r\nok")


async def stand_still(seconds: float, every: float) -> None:
    """Hold up everything, as a pause of a garbage collector does."""
    while True:
        await asyncio.sleep(every - seconds)
        time.sleep(seconds)


async def main(port: int, stall: float, every: float) -> None:
    server = await asyncio.get_running_loop().create_server(Server, "127.0.0.1", port, backlog=1024)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    if stall:
        await stand_still(stall, every)
    await server.serve_forever()


if __name__ == "__main__":
    given = [float(argument) for argument in sys.argv[1:]]
    asyncio.run(main(int(given[0]), *(given[1:] or (0.0, 1.0))))
