"""Amounts as people read them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from ops.cost.money import change, counted, dollars, price
from prices.line import Amount


def amount(low: str, high: str = "", unknown: int = 0) -> Amount:
    return Amount(Decimal(low), Decimal(high or low), unknown)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (amount("24"), "24.00"),
        (amount("0"), "0.00"),
        (amount("1922.5", "20000"), "1,922.50 to 20,000.00"),
        (amount("24", unknown=2), "24.00 + 2 unknown"),
        (amount("0", unknown=1), "unknown"),
    ],
)
def test_an_amount_is_one_number_or_the_least_and_the_most(given: Amount, said: str) -> None:
    assert dollars(given) == said


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (amount("19"), "+19.00"),
        (amount("-5"), "-5.00"),
        (amount("0"), "unchanged"),
        (amount("0", "9.5"), "+0.00 to +9.50"),
        (amount("19", unknown=-1), "+19.00 - 1 unknown"),
        (amount("0", unknown=1), "+ 1 unknown"),
    ],
)
def test_a_change_has_its_sign(given: Amount, said: str) -> None:
    assert change(given) == said


@pytest.mark.parametrize(
    ("usd", "said"),
    [("15.968", "15.97"), ("12", "12.00"), ("0.1", "0.10"), ("0.006", "0.006"), ("0", "0.00"), ("1922.0", "1,922.00")],
)
def test_a_price_of_little_has_more_digits(usd: str, said: str) -> None:
    assert price(Decimal(usd)) == said


def test_a_price_that_nobody_knows_is_said_to_be_unknown() -> None:
    assert price(None) == "unknown"


def test_what_is_stored_is_counted_in_gb() -> None:
    assert [counted((2, 2), "month"), counted((2, 6), "month"), counted((8, 20), "GB-month"), counted(None, "GB")] == [
        "2",
        "2 to 6",
        "8 to 20 GB",
        "",
    ]
