"""What a stack costs a month at the most, for the rule about its budget."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from inventory.stack import Inventory
from settings.policies import Policies


def monthly_usd(root: Path, inventory: Inventory, policies: Policies, today: date) -> float | None:
    """In US dollars. None without a budget, where nobody needs it, and where a price is not known and the known ones
    alone stay within the budget. `root` is the project's folder. Raises PriceBookError."""
    if policies.budget_usd is None:
        return None
    # Only a budget needs the price book, and a preview should not wait for what it does not need.
    from prices.costs import costs
    from prices.load import load_book

    total = costs(inventory, load_book(root), today).total
    high = float(total.high)
    return None if total.unknown and high <= policies.budget_usd else high
