"""Where a load test sends its requests, and what they are on the wire."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from pydantic import SecretStr

from ops.errors import OperationError
from ops.exit_code import ExitCode
from settings.load_test import LoadRequest

AGENT = "slipway-loadtest"


@dataclass(frozen=True)
class Target:
    """A server, and the headers that the edge wants to see. Their values are in no message."""

    url: str
    headers: Mapping[str, SecretStr] = field(default_factory=dict)

    @property
    def host(self) -> str:
        return urlsplit(self.url).hostname or ""

    @property
    def port(self) -> int:
        parts = urlsplit(self.url)
        return parts.port or (443 if self.tls else 80)

    @property
    def tls(self) -> bool:
        return urlsplit(self.url).scheme == "https"

    def wire(self, request: LoadRequest) -> bytes:
        """A whole request as it is sent."""
        body = (request.body or "").encode()
        lines = [f"{request.method} {request.path} HTTP/1.1", f"Host: {urlsplit(self.url).netloc}"]
        lines += [f"User-Agent: {AGENT}", "Accept: */*"]
        lines += [f"{name}: {value.get_secret_value()}" for name, value in self.headers.items()]
        if request.body is not None:
            lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
        return "\r\n".join([*lines, "", ""]).encode() + body

    async def address(self) -> str:
        """The first of its addresses that takes a connection: looked up once, so that DNS is no part of the test.

        Raises OperationError where none does.
        """
        loop = asyncio.get_running_loop()
        try:
            found = await loop.getaddrinfo(self.host, self.port, type=socket.SOCK_STREAM)
        except OSError as error:
            raise OperationError(f"{self.host} has no address: {error}", ExitCode.UNVERIFIED) from error
        for *_, place in found:
            address = str(place[0])
            try:
                transport, _ = await asyncio.wait_for(
                    loop.create_connection(asyncio.Protocol, address, self.port), timeout=10
                )
            except (OSError, TimeoutError):
                continue
            transport.close()
            return address
        raise OperationError(f"nothing answers at {self.host}, port {self.port}", ExitCode.UNVERIFIED)

    def security(self) -> ssl.SSLContext | None:
        """The TLS context; None for plain HTTP. HTTP/1.1 only: one connection a user."""
        if not self.tls:
            return None
        context = ssl.create_default_context()
        context.set_alpn_protocols(["http/1.1"])
        return context
