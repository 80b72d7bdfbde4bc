"""What tests of every package share."""

from __future__ import annotations

import functools
import gc
import hashlib
import sqlite3
from collections.abc import Iterator
from typing import Any

import hypothesis
import pytest
import yaml

from tests.aws import at_a_local_server

scrypt = hashlib.scrypt


@functools.cache
def _quick_scrypt(password: bytes, *, salt: bytes, n: int, r: int, p: int, maxmem: int = 0, dklen: int = 64) -> bytes:
    """As good as the real one at telling inputs and costs apart, which takes 50 ms on purpose."""
    return scrypt(password, salt=salt + repr((n, r, p)).encode(), n=2, r=1, p=1, dklen=dklen)


hashlib.scrypt = _quick_scrypt


class _Unsynced(sqlite3.Connection):
    """Does not wait for the disk: what tests write need not outlive a power cut."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        super().execute("PRAGMA synchronous = OFF")

    def execute(self, statement: str, *arguments: Any) -> sqlite3.Cursor:
        level = statement.startswith("PRAGMA synchronous")
        return super().execute("PRAGMA synchronous = OFF" if level else statement, *arguments)


sqlite3.connect = functools.partial(sqlite3.connect, factory=_Unsynced)

# The reader in C reads the same, ten times as fast.
yaml.SafeLoader = yaml.CSafeLoader  # type: ignore[misc]

# Looking for cycles again and again among all that was imported costs a fifth of the time.
gc.set_threshold(100_000, 50, 100)

# A busy machine is no failure. A whole run says the same of the same code each time; the quick one tries new examples.
hypothesis.settings.register_profile(
    "quick", max_examples=10, deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.register_profile(
    "thorough", hypothesis.settings.get_profile("quick"), max_examples=100, derandomize=True
)


@pytest.fixture(params=[False, pytest.param(True, marks=pytest.mark.thorough)], ids=["up", "preview"])
def preview(request: pytest.FixtureRequest) -> bool:
    """Each test that takes it runs as an update, where every value is known, and in a whole run as a preview, too."""
    return bool(request.param)


@pytest.fixture
def slow_scrypt(monkeypatch: pytest.MonkeyPatch) -> None:
    """The real one."""
    monkeypatch.setattr(hashlib, "scrypt", scrypt)


@pytest.fixture
def aws() -> Iterator[str]:
    """The address of an empty AWS on this machine."""
    with at_a_local_server() as address:
        yield address


def pytest_collection_finish() -> None:
    """What the imports made stays: no look for cycles need go through it again."""
    gc.freeze()


def pytest_configure(config: pytest.Config) -> None:
    """The default tests try fewer examples each than a whole run."""
    hypothesis.settings.load_profile("quick" if "not engine" in config.option.markexpr else "thorough")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Two workers for all tests, none for a few of them."""
    return 2 if config.args == config.getini("testpaths") else 0
