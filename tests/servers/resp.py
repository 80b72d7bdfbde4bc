"""A client of Redis in its own words: what goes over the wire is what the tests see."""

from __future__ import annotations

import socket
from typing import Any


class RedisError(Exception):
    """What Redis answers with a minus sign."""


class Client:
    """One connection."""

    def __init__(self, port: int, password: str | None = None) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=30)
        self._file = self._socket.makefile("rb")
        if password is not None:
            self("AUTH", password)

    def __call__(self, *words: str | int | bytes) -> Any:
        self.send(*words)
        return self.read()

    def pipeline(self, commands: list[tuple[str | int | bytes, ...]]) -> list[Any]:
        """Many commands at once, and all their answers; the first error is raised."""
        self._socket.sendall(b"".join(_encoded(words) for words in commands))
        return [self.read() for _ in commands]

    def send(self, *words: str | int | bytes) -> None:
        self._socket.sendall(_encoded(words))

    def read(self) -> Any:
        line = self._file.readline()
        if not line:
            raise ConnectionError("Redis closed the connection")
        kind, rest = line[:1], line[1:-2].decode()
        match kind:
            case b"-":
                raise RedisError(rest)
            case b":":
                return int(rest)
            case b"$":
                return None if rest == "-1" else self._file.read(int(rest) + 2)[:-2].decode()
            case b"*":
                return [self.read() for _ in range(int(rest))]
        return rest

    def close(self) -> None:
        self._file.close()
        self._socket.close()


def _encoded(words: tuple[str | int | bytes, ...]) -> bytes:
    parts = [word if isinstance(word, bytes) else str(word).encode() for word in words]
    return b"*%d\r\n" % len(parts) + b"".join(b"$%d\r\n%s\r\n" % (len(part), part) for part in parts)
