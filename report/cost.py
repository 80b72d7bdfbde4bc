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
    """A comparison of two costs, and by URN what each change adds or takes. These and `beside` add up to the former."""

    comparison: Comparison
    steps: dict[str, Amount]
    beside: Amount
    """What belongs to no resource, such as the plan of a zone that the stack comes to use."""

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
        changed = {part.urn for part in preview.changed}
        steps = dict(self._steps(preview.stack, _in_turn(now, then, changed), now, before, then))
        beside = sum((step for urn, step in steps.items() if urn not in changed), Amount())
        own = {urn: step for urn, step in steps.items() if urn in changed and step != Amount()}
        return Pricing(Comparison(before, self._cost(preview.stack, then)), own, beside)

    def _steps(
        self, stack: str, turns: Sequence[str], current: Parts, reached: Cost, then: Parts
    ) -> Iterator[tuple[str, Amount]]:
        """What each of the changes adds, one after the other. Those that together change no line add nothing."""
        after = self._cost(stack, _moved(turns, current, then))
        if after == reached or not turns:
            return
        if len(turns) == 1:
            yield turns[0], after.total - reached.total
            return
        first, second = turns[: len(turns) // 2], turns[len(turns) // 2 :]
        yield from self._steps(stack, first, current, reached, then)
        halfway = _moved(first, current, then)
        yield from self._steps(stack, second, halfway, self._cost(stack, halfway), then)

    def _cost(self, stack: str, parts: Parts) -> Cost:
        return costs(self.inventory(stack, [parts[urn] for urn in sorted(parts)]), self.book, self.today)


def _moved(turns: Sequence[str], current: Parts, then: Parts) -> Parts:
    urns = set(turns)
    stay = {urn: part for urn, part in current.items() if urn not in urns}
    return {**stay, **{urn: then[urn] for urn in urns & then.keys()}}


def _in_turn(now: Parts, then: Parts, changed: set[str]) -> list[str]:
    """Everything that differs. What lies in a component is read with it, so that comes before its parts and goes after
    them."""
    components = sorted(urn for urn in (now.keys() | then.keys()) - changed if now.get(urn) != then.get(urn))
    arriving = [urn for urn in components if urn in then]
    leaving = [urn for urn in components if urn not in then]
    return [*arriving, *sorted(changed), *leaving]
