"""What zones and Workers at Cloudflare cost."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Final

from edge.fields import PLAN_NAMES
from inventory.stack import Inventory
from inventory.unknown import Unknown
from inventory.worker import Worker
from inventory.zone import Zone
from prices.book import Cloudflare
from prices.entry import Clerk, rate
from prices.line import SHARED, Line

_ACCOUNT: Final = "Cloudflare account"


def cloudflare_lines(inventory: Inventory, book: Cloudflare, today: date) -> Iterator[Line]:
    """Every line of every zone, and what the account needs for its Workers."""
    for zone in inventory.zones:
        yield from _zone(zone, book, Clerk(_owner(zone.systems), zone.zone, today))
    if inventory.workers:
        yield from _workers(inventory.workers, book, today)


def _zone(zone: Zone, book: Cloudflare, clerk: Clerk) -> Iterator[Line]:
    plan = next((name for name in PLAN_NAMES if name == zone.plan), None)
    if plan is None:
        yield clerk.unknown("plan", "", "zone-month", "the zone's plan is known only after the deployment")
    else:
        yield clerk.fixed("plan", plan.capitalize(), rate(book.plans[plan], clerk.today), 1)
    if isinstance(zone.argo, Unknown):
        yield clerk.unknown(book.argo.item, "", "month", "whether it is on is known only after the deployment")
    elif zone.argo:
        yield clerk.fixed(book.argo.item, "", rate(book.argo, clerk.today), 1)
        note = f"the first {book.argo_traffic.free:g} GB are free"
        yield clerk.by_use(book.argo_traffic.item, rate(book.argo_traffic, clerk.today), note)


def _workers(workers: Sequence[Worker], book: Cloudflare, today: date) -> Iterator[Line]:
    """One subscription does for all Workers of the account; only the paid one allows more computing time."""
    paid = [worker for worker in workers if worker.cpu_ms is not None]
    if not paid:
        clerk = Clerk(_owner(worker.system for worker in workers), _ACCOUNT, today)
        yield clerk.fixed("Workers", "Free", rate(book.workers_free, today), 1)
        return
    clerk = Clerk(_owner(worker.system for worker in paid), _ACCOUNT, today)
    yield clerk.fixed("Workers", "Paid", rate(book.workers_paid, today), 1)
    for price in (book.workers_requests, book.workers_cpu):
        yield clerk.by_use(price.item, rate(price, today), f"the first {price.free:g} million a month are in it")


def _owner(systems: Iterable[str | None]) -> str:
    """The one system that something is for, or `shared`."""
    names = set(systems)
    return (names.pop() or SHARED) if len(names) == 1 else SHARED
