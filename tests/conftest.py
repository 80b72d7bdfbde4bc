"""What tests of every package share."""

from __future__ import annotations

import functools
import hashlib

import pytest

# Slow on purpose, and the same for the same input: tests that build the same stack again need not wait again.
hashlib.scrypt = functools.cache(hashlib.scrypt)


@pytest.fixture(params=[False, True], ids=["up", "preview"])
def preview(request: pytest.FixtureRequest) -> bool:
    """Each test that takes it runs twice: as an update, where every value is known, and as a preview."""
    return bool(request.param)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Two workers for all default tests; none for a few of them, nor beside real programs, which take all cores."""
    everything = config.args == config.getini("testpaths")
    return 2 if everything and "not engine" in config.option.markexpr else 0
