"""What a stack costs a month at the most, for the rule about its budget."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from inventory.stack import Inventory
from settings.policies import Policies

if TYPE_CHECKING:
    from prices.line import Amount


def monthly_usd(root: Path, inventory: Inventory, policies: Policies, today: date) -> float | None:
    """In US dollars. None without a budget, where nobody needs it, and where a price is not known and the known ones
    alone stay within the budget. `root` is the project's folder. Raises PriceBookError."""
    if policies.budget_usd is None:
        return None
    # Only a budget needs the price book, and a preview should not wait for what it does not need.
    from prices.costs import costs
    from prices.load import load_book

    return most_usd(costs(inventory, load_book(root), today).total, policies)


def most_usd(total: Amount, policies: Policies) -> float | None:
    """The same of a stack whose cost is computed already."""
    high = float(total.high)
    return None if policies.budget_usd is None or (total.unknown and high <= policies.budget_usd) else high
