"""The days that a certificate is still good, read from a real TLS server."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ops.monitor.certificate import days_left
from tests.ops.monitor.certificate import key_pair

NOW = datetime.now(UTC)


@contextlib.contextmanager
def serving(file: Path) -> Iterator[int]:
    """A TLS server that shakes one hand; its port."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    listener = socket.create_server(("127.0.0.1", 0))

    def shake() -> None:
        connection, _ = listener.accept()
        with contextlib.suppress(OSError), context.wrap_socket(connection, server_side=True) as encrypted:
            encrypted.recv(1)

    thread = threading.Thread(target=shake)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        thread.join()
        listener.close()


def left(file: Path, *, trusted: bool = True) -> tuple[float | None, str]:
    context = ssl.create_default_context(cafile=str(file) if trusted else None)
    with serving(file) as port:
        [(_, days, remark)] = days_left("localhost", NOW, timeout=30, port=port, context=context)
    return days, remark


def test_the_days_until_its_end_are_counted(tmp_path: Path) -> None:
    days, remark = left(key_pair(tmp_path, "localhost", ends=NOW + timedelta(days=13, hours=12)))
    assert days == pytest.approx(13.5, abs=0.001)
    assert remark == ""


def test_one_that_has_ended_or_that_nobody_vouches_for_has_no_days_left(tmp_path: Path) -> None:
    assert left(key_pair(tmp_path, "localhost", ends=NOW - timedelta(hours=1))) == (0, "certificate has expired")
    assert left(key_pair(tmp_path, "localhost"), trusted=False) == (0, "self-signed certificate")


def test_a_host_that_shows_none_is_not_measured() -> None:
    [(_, days, remark)] = days_left("127.0.0.1", NOW, timeout=30, port=9)
    assert (days, remark) == (None, "127.0.0.1 shows no certificate: ConnectionRefusedError")
