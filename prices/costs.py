"""What a stack costs, from its inventory and the price book."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from inventory.stack import Inventory
from prices.book import Book
from prices.cloudflare_costs import cloudflare_lines
from prices.digitalocean_costs import digitalocean_lines
from prices.fly_costs import fly_lines
from prices.line import SHARED, Amount, Cost, Line


def costs(inventory: Inventory, book: Book, today: date) -> Cost:
    """Every line, by system. Prices are those that were known on `today`; a year-old one is marked, none is guessed."""
    lines = [
        *fly_lines(inventory, book.fly, today),
        *digitalocean_lines(inventory, book.digitalocean, today),
        *cloudflare_lines(inventory, book.cloudflare, today),
    ]
    return Cost(tuple(sorted(lines, key=lambda line: (line.system == SHARED, line.system))))


@dataclass(frozen=True)
class Change:
    """What a system costs before and after, in US dollars a month."""

    system: str
    before: Amount
    after: Amount

    @property
    def delta(self) -> Amount:
        """What it costs more (or less, where negative)."""
        return self.after - self.before


@dataclass(frozen=True)
class Comparison:
    """Two costs, system by system."""

    before: Cost
    after: Cost

    @property
    def total(self) -> Change:
        """All systems together."""
        return Change("", self.before.total, self.after.total)

    @property
    def systems(self) -> tuple[Change, ...]:
        """Each system that is in either, `shared` last."""
        names = sorted(
            {line.system for line in (*self.before.lines, *self.after.lines)}, key=lambda name: (name == SHARED, name)
        )
        return tuple(Change(name, self.before.of(name), self.after.of(name)) for name in names)

    @property
    def lines(self) -> tuple[tuple[Line | None, Line | None], ...]:
        """What is different, before and after: None where there is no such thing."""
        before, after = ({line.key: line for line in cost.lines} for cost in (self.before, self.after))
        keys = dict.fromkeys((*before, *after))
        pairs = ((before.get(key), after.get(key)) for key in keys)
        return tuple((old, new) for old, new in pairs if _said(old) != _said(new))


def _said(line: Line | None) -> tuple[object, ...] | None:
    return None if line is None else (line.kind, line.detail, line.quantity, line.low, line.high)


def compare(before: Inventory, after: Inventory, book: Book, today: date) -> Comparison:
    """What a change of the stack changes about its cost."""
    return Comparison(costs(before, book, today), costs(after, book, today))
