"""What a preview changes about the cost: of the stack, of each system, and of each change by itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
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
        current = dict(now)
        before = reached = self._cost(preview.stack, current)
        steps: dict[str, Amount] = {}
        for urn, owner in _in_turn(preview):
            current.pop(urn, None)
            if urn in then:
                current[urn] = then[urn]
            after = self._cost(preview.stack, current)
            if (step := after.total - reached.total) != Amount():
                steps[owner] = steps.get(owner, Amount()) + step
            reached = after
        return Pricing(Comparison(before, reached), {urn: step for urn, step in steps.items() if step != Amount()})

    def _cost(self, stack: str, parts: dict[str, Part]) -> Cost:
        return costs(self.inventory(stack, [parts[urn] for urn in sorted(parts)]), self.book, self.today)


def _in_turn(preview: Preview) -> Iterator[tuple[str, str]]:
    """Every resource to which something happens, and the one whose change it is priced with.

    A component goes with the first change in it, such as a zone's plan with the zone's first record. What lies in one
    is read with it, so it comes before its parts and goes after them.
    """
    parents = {part.urn: part.parent for part in preview.resources}
    changed = sorted(part.urn for part in preview.changed)
    owners: dict[str, str] = {}
    for urn in changed:
        above = parents.get(urn)
        while above:
            owners.setdefault(above, urn)
            above = parents.get(above)
    components = [part for part in preview.resources if part.urn in owners and not part.custom]
    leaving = {part.urn for part in components if part.new is None}
    arriving = sorted(part.urn for part in components if part.urn not in leaving)
    yield from ((urn, owners[urn]) for urn in arriving)
    yield from ((urn, urn) for urn in changed)
    yield from ((urn, owners[urn]) for urn in sorted(leaving))
