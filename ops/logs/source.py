"""Where lines come from: one app of a system on either platform."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Protocol

from fly.answers import parsed_objects
from fly.commands.logs import app_logs
from fly.errors import FlyError, Unavailable
from fly.models.log_line import LogLine
from ops.clouds.digitalocean import DigitalOcean, LogType
from ops.clouds.errors import OutOfService
from ops.errors import OperationError
from ops.exit_code import ExitCode
from ops.surroundings import Surroundings

_PAUSE_SECONDS: Final = 2.0
"""Between two looks at Fly.io's buffer. flyctl can stream only through a WireGuard tunnel that it makes for it."""

_REMEMBERED: Final = 2_000
"""Lines of Fly.io's buffer that are known as shown; the buffer holds fewer."""


@dataclass(frozen=True)
class Line:
    """One line of one instance (or component)."""

    system: str
    instance: str
    text: str


class Source(Protocol):
    """Raises OperationError."""

    def recent(self, count: int) -> Iterator[Line]:
        """The last `count` lines, oldest first."""
        ...

    def follow(self, count: int) -> Iterator[Line]:
        """These, and each new one, without end."""
        ...


class FlySource:
    """An app on Fly.io, which keeps only a recent buffer."""

    def __init__(self, surroundings: Surroundings, system: str, app: str) -> None:
        self._surroundings = surroundings
        self._system = system
        self._app = app

    def recent(self, count: int) -> Iterator[Line]:
        try:
            yield from (self._line(line) for line in self._buffered()[-count:])
        except FlyError as error:
            raise OperationError(str(error), ExitCode.ENGINE) from error

    def follow(self, count: int) -> Iterator[Line]:
        shown: deque[tuple[str, str, str]] = deque(maxlen=_REMEMBERED)
        first = True
        while True:
            try:
                lines = self._buffered()
            except Unavailable:
                lines = []
            except FlyError as error:
                raise OperationError(str(error), ExitCode.ENGINE) from error
            fresh = [line for line in lines if (line.timestamp, line.instance, line.message) not in shown]
            shown.extend((line.timestamp, line.instance, line.message) for line in fresh)
            yield from (self._line(line) for line in (fresh[-count:] if first else fresh))
            first = first and not lines
            time.sleep(_PAUSE_SECONDS)

    def _buffered(self) -> list[LogLine]:
        command = app_logs(self._app)

        async def ask() -> list[LogLine]:
            with self._surroundings.fly() as facts:
                return parsed_objects(command, (await facts.ask(command)).stdout, LogLine)

        return asyncio.run(ask())

    def _line(self, line: LogLine) -> Line:
        return Line(self._system, line.instance, f"{line.timestamp} {line.message}".strip())


class AppPlatformSource:
    """An app on App Platform. `type_` is RUN for what it writes, BUILD and DEPLOY for what a deployment wrote."""

    def __init__(self, digitalocean: DigitalOcean, system: str, app: str, type_: LogType) -> None:
        self._api = digitalocean
        self._system = system
        self._app = app
        self._type: LogType = type_

    def recent(self, count: int) -> Iterator[Line]:
        id_ = self._api.app_named(self._app).id
        lines = deque(self._api.logs(id_, type_=self._type, tail=count), maxlen=count)
        yield from map(self._line, lines)

    def follow(self, count: int) -> Iterator[Line]:
        id_, tail, last = self._api.app_named(self._app).id, count, ""
        while True:
            try:
                for line in self._api.follow(id_, type_=self._type, tail=tail):
                    if line != last:
                        last = line
                        yield self._line(line)
            except OutOfService:
                time.sleep(_PAUSE_SECONDS)
            # The platform ends a stream now and then; the next one begins with the line that was shown last.
            tail = 1
            time.sleep(_PAUSE_SECONDS)

    def _line(self, text: str) -> Line:
        component, _, rest = text.partition(" ")
        return Line(self._system, component, rest)
