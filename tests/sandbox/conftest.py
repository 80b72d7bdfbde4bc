"""Fixtures of the sandbox's tests."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from sandbox import instances
from tests.sandbox.engine_side import EngineSide


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[EngineSide]:
    """Both emulated providers on an empty store."""
    side = EngineSide(tmp_path)
    yield side
    side.store.close()


@pytest.fixture
def time_passes(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """For instances no time passes until it is set: none has booted, crashed or been slow for long enough."""
    passes = threading.Event()

    async def sleep(_: float) -> None:
        while not passes.is_set():
            await asyncio.sleep(0.005)

    monkeypatch.setattr(instances, "asyncio", SimpleNamespace(**{**vars(asyncio), "sleep": sleep}))
    yield passes
    passes.set()
