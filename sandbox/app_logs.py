"""The last log lines of each App Platform app, in memory: a restart of the sandbox empties them."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from typing import Final, NamedTuple

from sandbox.deployment_history import moment

LINES_KEPT: Final = 500
_POLL_SECONDS: Final = 0.05


class Line(NamedTuple):
    """One line, numbered over all apps."""

    number: int
    component: str
    text: str


class AppLogs:
    """A ring of lines for each app. A line is the component, the time and the message, as the platform shows it."""

    def __init__(self) -> None:
        self._lines: dict[str, deque[Line]] = {}
        self._count = 0

    def write(self, app_id: str, component: str, message: str) -> None:
        """One line of a component."""
        self._count += 1
        line = Line(self._count, component, f"{component} {moment()} {message}")
        self._lines.setdefault(app_id, deque(maxlen=LINES_KEPT)).append(line)

    def read(self, app_id: str, component: str = "", *, after: int = 0) -> list[Line]:
        """The lines of an app, or of one of its components, with a number above `after`, oldest first."""
        lines = self._lines.get(app_id, ())
        return [line for line in lines if line.number > after and component in ("", line.component)]

    async def follow(self, app_id: str, component: str = "", *, tail: int = 0) -> AsyncIterator[str]:
        """The last `tail` lines (0: all that are kept), then each new one, without end."""
        lines = self.read(app_id, component)[-tail:]
        while True:
            for line in lines:
                yield f"{line.text}\n"
            seen = lines[-1].number if lines else self._count
            await asyncio.sleep(_POLL_SECONDS)
            lines = self.read(app_id, component, after=seen)

    def forget(self, app_id: str) -> None:
        """Drop the lines of a deleted app."""
        self._lines.pop(app_id, None)
