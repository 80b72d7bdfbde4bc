"""What makes the component tests fast."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Iterator

import pytest


@pytest.fixture(scope="session", autouse=True)
def scrypt_remembers() -> Iterator[None]:
    """A fingerprint costs 50 ms on purpose; the same one need not be computed for every test."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(hashlib, "scrypt", functools.cache(hashlib.scrypt))
        yield
