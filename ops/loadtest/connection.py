"""One keep-alive connection of HTTP/1.1 that carries one request at a time.

A request costs about 30 µs of one core here, and 90 µs through aiohttp's client (3.14, measured on 2026-11-22), which
also does not say which connection carries a request: here every user has one. The parser is Node's (llhttp).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import cast

import httptools

Answered = Callable[[int, str], None]
"""Told of every answer: status, and CF-Cache-Status or `""`."""
Lost = Callable[[str, bool], None]
"""Told once when the connection is gone: why, and whether a part of an answer had come."""


class Connection(asyncio.Protocol):
    """`answered` is called for every whole answer, `lost` when the connection ends in whatever way."""

    def __init__(self, answered: Answered, lost: Lost) -> None:
        self._answered = answered
        self._lost = lost
        self._transport: asyncio.Transport | None = None
        self._parser = httptools.HttpResponseParser(self)
        self._cache = ""
        self._begun = False
        self._why = "connection closed"

    @property
    def usable(self) -> bool:
        """Whether a request can be sent."""
        return self._transport is not None and not self._transport.is_closing()

    def send(self, request: bytes) -> None:
        """Send a whole request."""
        self._begun = False
        if self._transport:
            self._transport.write(request)

    def close(self) -> None:
        """Drop it, with what is under way."""
        if self._transport:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        self._lost(self._why, self._begun)

    def data_received(self, data: bytes) -> None:
        self._begun = True
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade):
            self._why = "no HTTP"
            self.close()

    def on_message_begin(self) -> None:
        self._cache = ""

    def on_header(self, name: bytes, value: bytes) -> None:
        if name.lower() == b"cf-cache-status":
            self._cache = value.decode("ascii", "replace").upper()

    def on_message_complete(self) -> None:
        status = self._parser.get_status_code()
        if status < 200:
            return
        if not self._parser.should_keep_alive() and self._transport:
            self._transport.close()
        self._answered(status, self._cache)
