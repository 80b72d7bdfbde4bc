from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.ops.monitor.receiver import Receiver, receiver


@pytest.fixture
def server() -> Iterator[Receiver]:
    """A web server on loopback."""
    with receiver() as started:
        yield started
