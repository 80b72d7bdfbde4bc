"""What tests of every package share."""

from __future__ import annotations

import functools
import gc
import hashlib

import hypothesis
import pytest

# Slow on purpose, and the same for the same input: tests that build the same stack again need not wait again.
hashlib.scrypt = functools.cache(hashlib.scrypt)


# Looking for cycles again and again among all that was imported costs a fifth of the time.
gc.set_threshold(100_000, 50, 100)

# No deadline: a busy machine is no failure.
hypothesis.settings.register_profile("quick", max_examples=25, deadline=None)
hypothesis.settings.register_profile("thorough", max_examples=100, deadline=None)


@pytest.fixture(params=[False, True], ids=["up", "preview"])
def preview(request: pytest.FixtureRequest) -> bool:
    """Each test that takes it runs twice: as an update, where every value is known, and as a preview."""
    return bool(request.param)


def pytest_configure(config: pytest.Config) -> None:
    """The default tests try fewer examples each than a whole run."""
    hypothesis.settings.load_profile("quick" if "not engine" in config.option.markexpr else "thorough")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Two workers for all default tests; none for a few of them, nor beside real programs, which take all cores."""
    everything = config.args == config.getini("testpaths")
    return 2 if everything and "not engine" in config.option.markexpr else 0
