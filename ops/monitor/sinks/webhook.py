"""Any web service: the message as JSON, signed so that the receiver knows whom it is from."""

from __future__ import annotations

import hashlib
import hmac
import json
import time

from pydantic import SecretStr

from ops.monitor.message import Message
from ops.monitor.sinks.sink import post

SIGNATURE = "x-slipway-signature"


class Webhook:
    """Posts to a URL. The header `X-Slipway-Signature` is `t=<seconds>,v1=<HMAC-SHA256 of "<seconds>.<body>">`."""

    name = "webhook"

    def __init__(self, url: SecretStr, key: SecretStr) -> None:
        self._url = url
        self._key = key

    def wants(self, message: Message) -> bool:
        return True

    def send(self, message: Message) -> None:
        body = json.dumps(message.document()).encode()
        # The time of sending, not of the alert: a receiver that refuses old signatures takes what comes late.
        signed = signature(self._key, int(time.time()), body)
        post(self.name, self._url.get_secret_value(), body, {SIGNATURE: signed})


def signature(key: SecretStr, at: int, body: bytes) -> str:
    """The header's value for a body sent at a time, in seconds since 1970."""
    signed = hmac.new(key.get_secret_value().encode(), b"%d." % at + body, hashlib.sha256).hexdigest()
    return f"t={at},v1={signed}"
