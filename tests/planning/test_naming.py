"""Physical names: plain in production, suffixed elsewhere, never too long, never the same for two things."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from planning.app_platform import NAME_LIMIT
from planning.edge import WORKER_NAME_LIMIT, record_name
from planning.naming import physical_name

NAMES = st.from_regex(r"[a-z][a-z0-9-]{0,60}[a-z0-9]", fullmatch=True)
ENVIRONMENTS = st.sampled_from(["production", "staging", "preview7"])
LIMITS = st.integers(min_value=20, max_value=63)


@pytest.mark.parametrize(
    ("base", "environment", "limit", "name"),
    [
        ("tetrix", "production", 32, "tetrix"),
        ("tetrix", "staging", 32, "tetrix-staging"),
        ("a" * 32, "production", 32, "a" * 32),
        ("a" * 24, "staging", 32, "a" * 24 + "-staging"),
        ("a" * 33, "production", 32, "a" * 25 + "-852785"),
        ("a" * 25, "staging", 32, "a" * 25 + "-a2cb97"),
        ("abc-defghi-jkl", "production", 11, "abc-77a98f"),
    ],
)
def test_examples(base: str, environment: str, limit: int, name: str) -> None:
    assert physical_name(base, environment, limit=limit) == name


@given(NAMES, ENVIRONMENTS, LIMITS)
def test_a_name_is_never_too_long_and_never_ends_badly(base: str, environment: str, limit: int) -> None:
    name = physical_name(base, environment, limit=limit)
    assert len(name) <= limit
    assert not name.startswith("-")
    assert not name.endswith("-")


@given(NAMES, NAMES, ENVIRONMENTS, LIMITS)
def test_two_names_stay_two(first: str, second: str, environment: str, limit: int) -> None:
    assume(first != second)
    assert physical_name(first, environment, limit=limit) != physical_name(second, environment, limit=limit)


@given(NAMES, LIMITS)
def test_environments_never_share_a_name(base: str, limit: int) -> None:
    names = {physical_name(base, environment, limit=limit) for environment in ("production", "staging", "preview7")}
    assert len(names) == 3


@given(NAMES, ENVIRONMENTS, LIMITS)
def test_a_name_that_fits_is_left_as_it_is(base: str, environment: str, limit: int) -> None:
    whole = base if environment == "production" else f"{base}-{environment}"
    assert (physical_name(base, environment, limit=limit) == whole) == (len(whole) <= limit)


def test_the_limits_are_the_platforms() -> None:
    assert (NAME_LIMIT, WORKER_NAME_LIMIT) == (32, 63)


@pytest.mark.parametrize(
    ("host", "label"),
    [("tetrixcorp.com", "apex"), ("joromi.tetrixcorp.com", "joromi"), ("a.b.tetrixcorp.com", "a-b")],
)
def test_a_record_is_called_after_what_stands_before_the_zone(host: str, label: str) -> None:
    assert record_name(host, "tetrixcorp.com") == label
