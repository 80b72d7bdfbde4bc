"""Fixtures of the sandbox's tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sandbox.engine_side import EngineSide


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[EngineSide]:
    """Both emulated providers on an empty store."""
    side = EngineSide(tmp_path)
    yield side
    side.store.close()
