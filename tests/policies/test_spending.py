"""What a stack costs at the most is known where it matters to the budget."""

from __future__ import annotations

from decimal import Decimal

import pytest

from policies.spending import most_usd
from prices.line import Amount
from settings.policies import Policies


@pytest.mark.parametrize(
    ("high", "unknown", "budget", "most"),
    [
        ("100", 0, 100, 100.0),
        ("100", 1, 100, None),
        ("100.01", 1, 100, 100.01),
        ("100", 0, None, None),
    ],
)
def test_a_missing_price_leaves_open_only_what_the_others_do_not_decide(
    high: str, unknown: int, budget: int | None, most: float | None
) -> None:
    total = Amount(high=Decimal(high), unknown=unknown)
    assert most_usd(total, Policies(budget_usd=budget)) == most
