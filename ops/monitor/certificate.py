"""How many days the certificate of a host is still good."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from datetime import datetime
from typing import Final

from ops.monitor.seen import Reading

_DAY_SECONDS: Final = 86_400


def days_left(
    host: str, now: datetime, *, timeout: float, port: int = 443, context: ssl.SSLContext | None = None
) -> Iterator[Reading]:
    """The certificate that the host shows. One that is not accepted has no days left, whatever is written in it."""
    context = context or ssl.create_default_context()
    try:
        with (
            socket.create_connection((host, port), timeout) as plain,
            context.wrap_socket(plain, server_hostname=host) as encrypted,
        ):
            shown = encrypted.getpeercert() or {}
    except ssl.SSLCertVerificationError as error:
        yield "certificate", 0.0, error.verify_message
        return
    except OSError as error:
        yield "certificate", None, f"{host} shows no certificate: {type(error).__name__}"
        return
    ends = ssl.cert_time_to_seconds(str(shown["notAfter"]))
    yield "certificate", (ends - now.timestamp()) / _DAY_SECONDS, ""
