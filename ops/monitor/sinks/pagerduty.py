"""PagerDuty, by its Events API v2: what is critical opens an incident, and its end resolves it."""

from __future__ import annotations

import json
from typing import Final

from pydantic import SecretStr

from ops.monitor.message import Message
from ops.monitor.sinks.sink import post

URL: Final = "PAGERDUTY_EVENTS_URL"
"""The variable that names another address, such as that of the service region in the EU."""
_EVENTS: Final = "https://events.pagerduty.com/v2/enqueue"
_SUMMARY_LIMIT: Final = 1024
"""The longest summary (PagerDuty docs, `Send an Alert Event`, 2026-08)."""


class PagerDuty:
    """Wakes somebody up."""

    name = "pagerduty"

    def __init__(self, routing_key: SecretStr, url: str | None = None) -> None:
        self._key = routing_key
        self._url = url or _EVENTS

    def wants(self, message: Message) -> bool:
        return message.severity == "critical"

    def send(self, message: Message) -> None:
        body = {
            "routing_key": self._key.get_secret_value(),
            "event_action": "resolve" if message.word == "recovered" else "trigger",
            # Sent twice, it is the same incident.
            "dedup_key": message.id,
            "payload": {
                "summary": message.title[:_SUMMARY_LIMIT],
                "source": message.system,
                "severity": message.severity,
                "component": message.alert,
                "group": message.environment,
                "custom_details": {"detail": message.detail, "since": message.since},
            },
        }
        post(self.name, self._url, json.dumps(body).encode())
