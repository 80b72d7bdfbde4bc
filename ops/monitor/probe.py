"""Asks the pages that a system's probes name, as a visitor would."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any, Final

import urllib3

from ops.monitor.seen import Reading
from settings.monitoring import Probe

USER_AGENT: Final = "slipway-monitor"
_BYTES: Final = 1024 * 1024
"""More of an answer is not read: a page that grows without end must not take the monitor with it."""


def ask(base: str, probe: Probe, *, timeout: float) -> Iterator[Reading]:
    """Whether the page answers as it must, how long it took, and the memory use that a health page may report.

    An answer that takes longer than `timeout` seconds in all is none. Redirects are not followed: a page that has
    moved away is not well.
    """
    http = urllib3.PoolManager(retries=False, headers={"user-agent": USER_AGENT, "cache-control": "no-cache"})
    start = time.monotonic()
    try:
        answer = http.request(
            "GET", base + probe.path, redirect=False, timeout=urllib3.Timeout(total=timeout), preload_content=False
        )
        body = answer.read(_BYTES, decode_content=True)
        answer.release_conn()
    except urllib3.exceptions.HTTPError as error:
        yield f"answers {probe.path}", 0.0, _reason(error, timeout)
        return
    milliseconds = (time.monotonic() - start) * 1000
    trouble = _trouble(answer.status, body, probe, milliseconds, timeout)
    yield f"answers {probe.path}", 0.0 if trouble else 1.0, trouble
    yield f"response time {probe.path}", milliseconds, ""
    memory = _at(_parsed(body), "memory", "percentage")
    if isinstance(memory, int | float):
        yield "memory percent", float(memory), ""


def _trouble(status: int, body: bytes, probe: Probe, milliseconds: float, timeout: float) -> str:
    if not 200 <= status < 300:
        return f"status {status}"
    if milliseconds > timeout * 1000:
        return f"no whole answer within {timeout:g} s"
    if probe.json_list and not _at(_parsed(body), probe.json_list):
        return f"no JSON object with entries in {probe.json_list}"
    return ""


def _parsed(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return None


def _at(value: Any, *keys: str) -> Any:
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def _reason(error: urllib3.exceptions.HTTPError, timeout: float) -> str:
    """In few words: the exception's own hold addresses of objects."""
    match error:
        case urllib3.exceptions.SSLError():
            return "the certificate is not accepted"
        case urllib3.exceptions.NameResolutionError():
            return "the host name is not known"
        case urllib3.exceptions.NewConnectionError():
            return "nothing listens there"
        case urllib3.exceptions.TimeoutError():
            return f"no answer within {timeout:g} s"
        case _:
            return type(error).__name__
