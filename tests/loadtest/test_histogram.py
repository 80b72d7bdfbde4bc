"""The histogram answers as the sorted values themselves would, within 1 %."""

from __future__ import annotations

from math import ceil

from hypothesis import given
from hypothesis import strategies as st

from ops.loadtest.histogram import Histogram, merged

LATENCIES = st.lists(st.floats(0.0001, 600, allow_nan=False), min_size=1, max_size=300)
PERCENTS = st.sampled_from([0.1, 1, 25, 50, 90, 95, 99, 99.9, 100])


def filled(latencies: list[float]) -> Histogram:
    histogram = Histogram()
    for latency in latencies:
        histogram.add(latency)
    return histogram


def exact(latencies: list[float], percent: float) -> float:
    return sorted(latencies)[max(1, ceil(percent / 100 * len(latencies) - 1e-9)) - 1]


@given(LATENCIES, PERCENTS)
def test_a_percentile_is_within_one_per_cent_of_the_exact_one(latencies: list[float], percent: float) -> None:
    wanted = exact(latencies, percent)
    assert abs(filled(latencies).percentile(percent) - wanted) <= 0.01 * wanted


@given(LATENCIES, LATENCIES, PERCENTS)
def test_parts_put_together_answer_as_the_whole(one: list[float], other: list[float], percent: float) -> None:
    whole = filled([*one, *other])
    parts = merged([filled(one), filled(other)])
    assert parts.percentile(percent) == whole.percentile(percent)
    assert parts.total == len(one) + len(other)


@given(LATENCIES)
def test_columns_hold_every_latency_between_their_edges(latencies: list[float]) -> None:
    columns = filled(latencies).columns()
    assert sum(count for _, _, count in columns) == len(latencies)
    for latency in latencies:
        micro = round(latency * 1e6) / 1e6
        assert any(begin - 1e-9 <= micro < end + 1e-9 for begin, end, _ in columns)


def test_nothing_has_no_percentile() -> None:
    assert Histogram().percentile(99) == 0


def test_the_nearest_rank_is_a_latency_that_came() -> None:
    assert filled([0.000001, 0.000002, 0.000003, 0.000004]).percentile(50) == 0.000002
