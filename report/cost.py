"""What a preview changes about the cost: of the stack, of each system, and of each change by itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from inventory.from_resources import from_resources
from inventory.resource import Resource as Part
from inventory.stack import Inventory
from prices.book import Book
from prices.costs import Comparison, costs
from prices.line import Amount, Cost
from report.preview import Preview

Parts = Mapping[str, Part]
"""Resources by URN."""


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
        before = self._cost(preview.stack, now)
        steps: dict[str, Amount] = {}
        for owner, step in self._steps(preview.stack, list(_in_turn(preview)), now, before, then):
            steps[owner] = steps.get(owner, Amount()) + step
        after = self._cost(preview.stack, then)
        return Pricing(Comparison(before, after), {urn: step for urn, step in steps.items() if step != Amount()})

    def _steps(
        self, stack: str, turns: Sequence[tuple[str, str]], current: Parts, reached: Cost, then: Parts
    ) -> Iterator[tuple[str, Amount]]:
        """What each of the changes adds, one after the other. Those that together change no line add nothing."""
        after = self._cost(stack, _moved(turns, current, then))
        if after == reached or not turns:
            return
        if len(turns) == 1:
            yield turns[0][1], after.total - reached.total
            return
        first, second = turns[: len(turns) // 2], turns[len(turns) // 2 :]
        yield from self._steps(stack, first, current, reached, then)
        halfway = _moved(first, current, then)
        yield from self._steps(stack, second, halfway, self._cost(stack, halfway), then)

    def _cost(self, stack: str, parts: Parts) -> Cost:
        return costs(self.inventory(stack, [parts[urn] for urn in sorted(parts)]), self.book, self.today)


def _moved(turns: Iterable[tuple[str, str]], current: Parts, then: Parts) -> Parts:
    urns = {urn for urn, _ in turns}
    stay = {urn: part for urn, part in current.items() if urn not in urns}
    return {**stay, **{urn: then[urn] for urn in urns & then.keys()}}


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
