"""The reference page of the price book."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Final

from ops.cost.money import price
from prices.book import Fly, Section
from prices.entry import LONGEST, UNITS
from prices.fly_costs import machine_rate
from prices.load import OWN, load_book
from prices.price import Price
from settings.fly import REGIONS

_INTRODUCTION: Final = """\
# Prices

<!-- Made by `./slipway docs` from prices/book/. Change that, not this page. -->

What `./slipway cost` goes by, in US dollars. Each price has the source that it was read from and the day, or month, of
that reading. Prices of vendors change without notice: before money depends on one, look at its source.

- The newest reading that is not later than today counts; where all are later, the oldest. Earlier ones stay in the
  book, so that an old figure can be checked: `./slipway cost --on 2026-08-31`.
- A price that was read more than {days} days ago still counts, and is said to be old.
- An estimate is from somebody else than the vendor. It counts, and is said to be one.
- A price that nobody could find is unknown. It is in no total; the total says how many are missing.
- What depends on use, such as traffic, is in no total. Its price is said below the table.

## Your own prices

Prices that only you can know, such as those of a contract or of a database's size in your control panel, belong into
`{own}` in the project's root, in the same form as in `prices/book/`. They go before the book's:

```yaml
digitalocean:
  postgres:
    db-s-1vcpu-2gb:
      item: node of PostgreSQL, db-s-1vcpu-2gb
      unit: month
      history:
        - date: 2026-11-22
          amount: 30
          source: control panel
```

A book with anything wrong in it is refused as a whole, with every problem of all files by line, and exit code 4: a unit
that does not belong to the price, a negative amount, a missing date.
"""


_MACHINES: Final = (
    ("shared-cpu-1x", 256),
    ("shared-cpu-1x", 1024),
    ("shared-cpu-2x", 512),
    ("shared-cpu-2x", 2048),
    ("shared-cpu-4x", 1024),
    ("shared-cpu-8x", 2048),
    ("performance-1x", 2048),
    ("performance-2x", 4096),
)


def prices_page() -> str:
    """docs/prices.md, from the project's own book: what an operator has in prices.yaml is not on it."""
    book = load_book()
    parts = [_INTRODUCTION.format(days=LONGEST.days, own=OWN)]
    for cloud, section in book.sections.items():
        parts += [f"## {cloud}\n", "\n".join(_table(section)), ""]
    parts += ["### Machines on Fly.io by region\n", "\n".join(_regions(book.fly)), ""]
    return "\n".join(parts).rstrip() + "\n"


def _table(section: Section) -> Iterator[str]:
    yield "| What | Place in the book | USD | a | Free | Read | Source |"
    yield "|---|---|---|---|---|---|---|"
    for place, about in section.prices():
        yield from _rows(place, about)


def _rows(place: str, about: Price) -> Iterator[str]:
    """One for each reading, the newest first."""
    what, shown, unit = about.item, f"`{place}`", UNITS[about.unit]
    free = f"the first {about.free:g}" if about.free else ""
    for reading in reversed(about.history):
        amount = "unknown" if reading.usd is None else _exact(reading.usd)
        mark = " (estimate)" if reading.estimate else ""
        why = f"; {reading.unknown}" if reading.unknown else ""
        cells = (what, shown, f"{amount}{mark}", unit, free, reading.date, f"{reading.source}{why}")
        yield f"| {' | '.join(cells)} |"
        what = shown = unit = free = ""


def _exact(usd: Decimal) -> str:
    """All digits, two of them at least."""
    cents = usd.quantize(Decimal("0.01"))
    return f"{cents if cents == usd else usd:f}"


def _regions(book: Fly) -> Iterator[str]:
    """What machines cost by region, by the newest readings."""
    yield "A running machine costs its CPUs and the memory beyond what they include, all month (30 days, as Fly.io"
    yield "counts one), times what its region charges in relation to Ashburn. In US dollars, by the newest rates:"
    yield ""
    names = [f"{size} {memory} MB" for size, memory in _MACHINES]
    yield f"| Region | Factor | {' | '.join(names)} |"
    yield f"|---|---|{'---|' * len(names)}"
    for region in REGIONS:
        factor = book.markup.regions.get(region)
        rates = (machine_rate(book, size, memory, region, date.max).usd for size, memory in _MACHINES)
        cells = (region, "unknown" if factor is None else f"{factor:g}", *map(price, rates))
        yield f"| {' | '.join(cells)} |"
    yield ""
    yield f"Factors read {book.markup.date}: {book.markup.source}. A region without one has no known price."
