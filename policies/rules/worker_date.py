"""Workers that keep up."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from inventory.unknown import UNKNOWN, known
from inventory.worker import Worker
from policies.circumstances import Circumstances
from policies.rule import Rule
from policies.sample import Samples, sample
from policies.samples.cloudflare import worker

OLDEST: Final = timedelta(days=730)


def broken(found: Worker, stack: Circumstances) -> Iterator[str]:
    day = known(found.compatibility_date)
    if day is None:
        yield "it has no compatibility date, and runs as Workers did in 2021"
    elif stack.today - date.fromisoformat(day) > OLDEST:
        yield f"it runs as Workers did on {day}, more than two years ago"


RULE = Rule(
    name="worker-date",
    about=Worker,
    title="A Worker runs with the behaviour of the last two years.",
    why="The older the date, the more changes come at once on the day when it must be moved.",
    source="Cloudflare docs, workers/configuration/compatibility-dates, read 2026-08",
    remedy="test the Worker with a newer date and set compatibility_date",
    production="advisory",
    elsewhere="advisory",
    broken=broken,
    samples=lambda: Samples(
        passes=(sample(worker(compatibility_date="2024-11-22")),),
        fails=(
            sample(worker(compatibility_date="2024-11-21")),
            sample(worker(compatibility_date=None)),
        ),
        unknown=(sample(worker(compatibility_date=UNKNOWN)),),
    ),
)
