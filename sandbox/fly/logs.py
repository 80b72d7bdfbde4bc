"""The last log lines of every app, as `flyctl logs` reads them over HTTP.

They are kept in memory, as the platform keeps only a recent buffer: a restart of the sandbox empties them.
"""

from __future__ import annotations

from collections import deque
from typing import Any

from sandbox.fly import identity
from sandbox.fly.call import Call, Json
from sandbox.store import Document

LINES_KEPT = 200
_PAGE = 100


class Logs:
    """A ring of lines for each app."""

    def __init__(self) -> None:
        self._lines: dict[str, deque[dict[str, Any]]] = {}
        self._count = 0

    def write(self, machine: Document, message: str, *, level: str = "info", provider: str = "app") -> None:
        """One line of a machine; `provider` is `app`, `runner`, `proxy` or `health`."""
        self._count += 1
        line = {
            "number": self._count,
            "level": level,
            "instance": machine["id"],
            "message": message,
            "region": machine["region"],
            "timestamp": identity.now(),
            "meta": {"instance": machine["id"], "region": machine["region"], "event": {"provider": provider}},
        }
        self._lines.setdefault(machine["app"], deque(maxlen=LINES_KEPT)).append(line)

    def read(self, app: str, *, after: int = 0, machine: str = "", region: str = "") -> list[dict[str, Any]]:
        """The lines of an app with a number above `after`, oldest first."""
        return [
            line
            for line in self._lines.get(app, ())
            if line["number"] > after and machine in ("", line["instance"]) and region in ("", line["region"])
        ]

    def forget(self, app: str) -> None:
        """Drop the lines of a destroyed app."""
        self._lines.pop(app, None)


def read(call: Call) -> Json:
    """GET /api/v1/apps/{app}/logs?next_token&instance&region → {data, meta: {next_token}}.

    The first page holds the newest lines, later ones what came after the token.
    """
    call.app()
    token = call.query.get("next_token", "")
    lines = call.runner.logs.read(
        call.app_name,
        after=int(token) if token.isdigit() else 0,
        machine=call.query.get("instance", ""),
        region=call.query.get("region", ""),
    )
    lines = lines[:_PAGE] if token else lines[-_PAGE:]
    data = [
        {
            "id": str(line["number"]),
            "type": "log",
            "attributes": {key: value for key, value in line.items() if key != "number"},
        }
        for line in lines
    ]
    return {"data": data, "meta": {"next_token": str(lines[-1]["number"]) if lines else token}}
