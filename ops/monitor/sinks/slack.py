"""Slack, by an incoming webhook."""

from __future__ import annotations

import json
from typing import Final

from pydantic import SecretStr

from ops.monitor.message import Message
from ops.monitor.sinks.sink import post

_COLOURS: Final = {"critical": "#d0021b", "warning": "#f5a623"}
_RECOVERED: Final = "#2eb886"


class Slack:
    """Posts to the channel of the webhook."""

    name = "slack"

    def __init__(self, url: SecretStr) -> None:
        self._url = url

    def wants(self, message: Message) -> bool:
        return True

    def send(self, message: Message) -> None:
        colour = _RECOVERED if message.word == "recovered" else _COLOURS[message.severity]
        text = "\n".join(part for part in (message.detail, message.when) if part)
        body = {
            "text": _escaped(message.title),
            "attachments": [{"color": colour, "text": _escaped(text), "fallback": _escaped(message.title)}],
        }
        post(self.name, self._url.get_secret_value(), json.dumps(body).encode())


def _escaped(text: str) -> str:
    """The three characters that mean something to Slack (Slack docs, `Formatting text`, 2026-08)."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
