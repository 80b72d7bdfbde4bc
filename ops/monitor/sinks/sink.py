"""What a way to people can do, and how it says no."""

from __future__ import annotations

from typing import Any, Protocol

import urllib3

from ops.monitor.message import Message

_TIMEOUT_SECONDS = 10.0


class SinkError(Exception):
    """A message did not arrive. Says the sink and the status, never an address or a key: those are secrets."""


class Sink(Protocol):
    """A way to people. `name` tells it from the others of its system."""

    name: str

    def wants(self, message: Message) -> bool:
        """Whether the message is for it."""

    def send(self, message: Message) -> None:
        """Deliver it. The same message may come twice. Raises SinkError."""


def post(name: str, url: str, body: bytes, headers: dict[str, str] | None = None) -> None:
    """Send JSON; any 2xx is well. Raises SinkError."""
    http = urllib3.PoolManager(retries=False, timeout=_TIMEOUT_SECONDS)
    sent: dict[str, Any] = {"content-type": "application/json", **(headers or {})}
    try:
        answer = http.request("POST", url, body=body, headers=sent, redirect=False)
    except (urllib3.exceptions.HTTPError, ValueError) as error:
        # Without `from`: the cause holds the URL.
        raise SinkError(f"{name} does not answer: {type(error).__name__}") from None
    if not 200 <= answer.status < 300:
        raise SinkError(f"{name} answers with status {answer.status}")
