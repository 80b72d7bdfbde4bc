"""What a preview changes about the cost: of the stack, of each system, and of each change by itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from inventory.from_resources import from_resources
from inventory.resource import Resource as Part
from inventory.stack import Inventory
from prices.book import Book
from prices.costs import Comparison, costs
from prices.line import Amount, Cost
from report.preview import Preview


@dataclass(frozen=True)
class Pricing:
    """A comparison of two costs, and by URN what each change adds or takes. The latter add up to the former."""

    comparison: Comparison
    steps: dict[str, Amount]

    @property
    def total(self) -> Amount:
        """What the stack costs more, or less."""
        return self.comparison.total.delta


@dataclass(frozen=True)
class Pricer:
    """The book to price by, and what day it is."""

    environment: str
    book: Book
    today: date

    def inventory(self, stack: str, parts: Iterable[Part]) -> Inventory:
        """What these resources are."""
        return from_resources(stack, self.environment, parts)

    def price(self, preview: Preview) -> Pricing:
        """What the preview changes, one resource after the other, so that every dollar is counted once."""
        now = {part.urn: part for part in preview.before}
        then = {part.urn: part for part in preview.after}
        # A component costs nothing, and what lies in it cannot be read without it.
        changed = {resource.urn for resource in preview.changed}
        current = {**{urn: part for urn, part in then.items() if urn not in changed}, **now}
        before = reached = self._cost(preview.stack, current)
        steps = {}
        for urn in sorted(changed):
            current.pop(urn, None)
            if urn in then:
                current[urn] = then[urn]
            after = self._cost(preview.stack, current)
            step = after.total - reached.total
            if step != Amount():
                steps[urn] = step
            reached = after
        return Pricing(Comparison(before, self._cost(preview.stack, then)), steps)

    def _cost(self, stack: str, parts: dict[str, Part]) -> Cost:
        return costs(self.inventory(stack, [parts[urn] for urn in sorted(parts)]), self.book, self.today)
