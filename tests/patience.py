"""Waits for what a server, a thread or another process is about to do."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

import pytest

T = TypeVar("T")


def eventually(condition: Callable[[], T], seconds: float = 20.0) -> T:
    """The condition's first true value; fails when it stays false, or raises AssertionError, for so many seconds."""
    end = time.monotonic() + seconds
    while True:
        late = time.monotonic() > end
        with suppress(*([] if late else [AssertionError])):
            value = condition()
            if value:
                return value
        if late:
            pytest.fail(f"not within {seconds:g} s")
        time.sleep(0.01)
