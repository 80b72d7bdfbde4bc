"""A user of a load test: a connection that is kept, and the request that is under way on it."""

from __future__ import annotations

import asyncio
import ssl
from typing import Protocol

from ops.loadtest.connection import Connection


class Work(Protocol):
    """What a user works for: the generator."""

    def wire(self, number: int) -> bytes: ...
    def may_repeat(self, number: int) -> bool: ...
    async def connect(self, user: User) -> None: ...
    def done(self, user: User, number: int, outcome: str, *, cache: str = "", counts: bool = True) -> None: ...


class User:
    """Sends one request after the other, and opens a connection where there is none."""

    def __init__(self, work: Work) -> None:
        self.request: int | None = None
        """The number of what is under way in the schedule."""
        self.served = float("-inf")
        """When the last answer came."""
        self._work = work
        self._connection: Connection | None = None
        self._opening: asyncio.Task[None] | None = None
        self._repeatable = False

    def ask(self, number: int) -> None:
        """Send a request."""
        self.request = number
        if self._connection and self._connection.usable:
            # The other side may close a connection that was idle just when something is sent on it.
            self._repeatable = self._work.may_repeat(number)
            self._connection.send(self._work.wire(number))
        else:
            self._repeatable = False
            self._connection = None
            self._opening = asyncio.create_task(self._open(number))

    def give_up(self) -> None:
        """Wait no longer for what is under way."""
        self.leave()
        self._end("timeout")

    def leave(self) -> None:
        """Close the connection."""
        if self._opening:
            self._opening.cancel()
        connection, self._connection = self._connection, None
        if connection:
            connection.close()

    def protocol(self) -> Connection:
        """The connection that is opened next; what the one before it still says is not heard."""
        mine = Connection(
            lambda status, cache: self._answered(mine, status, cache), lambda why, begun: self._lost(mine, why, begun)
        )
        self._connection = mine
        return mine

    async def _open(self, number: int) -> None:
        try:
            await self._work.connect(self)
        except (OSError, TimeoutError) as error:
            self._end("no TLS" if isinstance(error, ssl.SSLError) else "no connection", counts=False)
            return
        if self._connection and self.request == number:
            self._connection.send(self._work.wire(number))

    def _answered(self, connection: Connection, status: int, cache: str) -> None:
        if connection is self._connection:
            self._end(str(status), cache=cache)

    def _lost(self, connection: Connection, why: str, begun: bool) -> None:
        if connection is not self._connection:
            return
        self._connection = None
        if self.request is not None and self._repeatable and not begun:
            self.ask(self.request)
        else:
            self._end(why, counts=False)

    def _end(self, outcome: str, *, cache: str = "", counts: bool = True) -> None:
        number, self.request = self.request, None
        if number is not None:
            self._work.done(self, number, outcome, cache=cache, counts=counts)
