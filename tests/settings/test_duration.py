"""Durations are a whole number with a unit, and nothing else."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from settings.duration import Between, parse, show, whole_seconds


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("500ms", 0.5), ("30s", 30), ("5m", 300), ("1h", 3600), ("14d", 1_209_600), ("0s", 0), ("007s", 7)],
)
def test_each_unit_is_read(text: str, seconds: float) -> None:
    assert parse(text) == timedelta(seconds=seconds)


@pytest.mark.parametrize("text", ["", "30", "s", "1.5s", "-1s", "1 s", "1S", "1s ", "1m30s", "1w", "٣s", "1234567890s"])
def test_all_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a duration; write a whole number with its unit, such as 30s"):
        parse(text)


@pytest.mark.parametrize(
    ("text", "shortest"),
    [
        ("90s", "90s"),
        ("120s", "2m"),
        ("60m", "1h"),
        ("48h", "2d"),
        ("1500ms", "1500ms"),
        ("2000ms", "2s"),
        ("0d", "0s"),
    ],
)
def test_the_shortest_form_is_shown(text: str, shortest: str) -> None:
    assert show(parse(text)) == shortest


@given(st.integers(0, 10**9 - 1).map(lambda count: timedelta(milliseconds=count)))
def test_what_is_shown_reads_back_as_the_same(duration: timedelta) -> None:
    assert parse(show(duration)) == duration


def test_seconds_are_whole() -> None:
    assert whole_seconds(parse("1500ms")) == 1


BOUNDED = TypeAdapter[timedelta](Annotated[timedelta, Between("2s", "1m")])
FINE = TypeAdapter[timedelta](Annotated[timedelta, Between("1ms", "1s", "1ms")])


@pytest.mark.parametrize("text", ["2s", "60s", "1m", "2000ms"])
def test_bounds_are_inside(text: str) -> None:
    assert BOUNDED.validate_python(text) == parse(text)


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ("1s", "1s is outside 2s to 1m; choose a duration in that range"),
        ("61s", "61s is outside 2s to 1m; choose a duration in that range"),
        ("2500ms", "2500ms is not a multiple of 1s; round it"),
        ("5", '"5" is not a duration; write a whole number with its unit (ms, s, m, h, d), such as 2s'),
        (5, "5 is not a duration; write a whole number with its unit (ms, s, m, h, d), such as 5s"),
        (-5, "-5 is not a duration; write a whole number with its unit (ms, s, m, h, d), such as 2s"),
        (1.5, "1.5 is not a duration; write a whole number with its unit (ms, s, m, h, d), such as 2s"),
        (True, "true is not a duration; write a whole number with its unit (ms, s, m, h, d), such as 2s"),
        (["5s"], '["5s"] is not a duration; write a whole number with its unit (ms, s, m, h, d), such as 2s'),
    ],
)
def test_a_value_out_of_bounds_or_without_unit_is_refused(value: object, problem: str) -> None:
    with pytest.raises(ValidationError) as caught:
        BOUNDED.validate_python(value)
    assert caught.value.errors()[0]["msg"] == problem


def test_a_fine_bound_offers_the_fine_unit() -> None:
    with pytest.raises(ValidationError) as caught:
        FINE.validate_python(250)
    assert caught.value.errors()[0]["msg"].endswith("such as 250ms")


def test_a_duration_is_accepted_as_it_is_and_written_with_its_unit() -> None:
    assert BOUNDED.validate_python(timedelta(seconds=30)) == timedelta(seconds=30)
    assert BOUNDED.dump_json(timedelta(seconds=30)) == b'"30s"'
