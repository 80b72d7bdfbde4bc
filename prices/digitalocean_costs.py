"""What systems on DigitalOcean cost: instances, clusters, checks from outside."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Final

from inventory.app_platform import AppPlatformApp
from inventory.cluster import Cluster
from inventory.stack import Inventory
from inventory.unknown import Unknown
from prices.book import DigitalOcean
from prices.entry import Clerk, rate
from prices.line import SHARED, Line
from prices.load import OWN

_ACCOUNT: Final = "DigitalOcean account"
_INSTANCE: Final = "instance-month"
_NODE: Final = "node-month"
_ENGINES: Final = {"pg": "postgres", "valkey": "valkey"}
"""The book's name for each engine."""


def digitalocean_lines(inventory: Inventory, book: DigitalOcean, today: date) -> Iterator[Line]:
    """Every line of every app, cluster and check."""
    for app in inventory.platform_apps:
        yield from _app(app, book, Clerk.of(app, app.app, today))
    for cluster in inventory.clusters:
        yield from _cluster(cluster, book, Clerk.of(cluster, cluster.cluster, today))
    checks = Counter(check.system or SHARED for check in inventory.uptime_checks)
    for system, count in checks.items():
        yield Clerk(system, _ACCOUNT, today).fixed("uptime checks", "", rate(book.uptime_check, today), count)


def _app(app: AppPlatformApp, book: DigitalOcean, clerk: Clerk) -> Iterator[Line]:
    if isinstance(app.size, Unknown):
        yield clerk.unknown("instances", "", _INSTANCE, "their size is known only after the deployment")
        return
    if price := book.instances.get(app.size):
        yield clerk.fixed("instances", app.size, rate(price, clerk.today), app.minimum, app.maximum)
    else:
        why = _missing(f"instances of {app.size}", f"digitalocean.instances.{app.size}")
        yield clerk.unknown("instances", app.size, _INSTANCE, why)
    yield clerk.by_use(book.app_egress.item, rate(book.app_egress, clerk.today))


def _cluster(cluster: Cluster, book: DigitalOcean, clerk: Clerk) -> Iterator[Line]:
    if isinstance(cluster.size, Unknown) or isinstance(cluster.engine, Unknown):
        yield clerk.unknown("nodes", "", _NODE, "their size is known only after the deployment")
        return
    engine = _ENGINES.get(cluster.engine, cluster.engine)
    prices = {"postgres": book.postgres, "valkey": book.valkey}.get(engine, {})
    if price := prices.get(cluster.size):
        yield clerk.fixed(f"{engine} nodes", cluster.size, rate(price, clerk.today), cluster.nodes)
    else:
        why = _missing(f"{engine} nodes of {cluster.size}", f"digitalocean.{engine}.{cluster.size}")
        yield clerk.unknown(f"{engine} nodes", cluster.size, _NODE, why)
    if cluster.storage_mib is not None:
        cost = rate(book.storage, clerk.today)
        yield clerk.unknown(
            "disk beyond what the size has", "", cost.unit, cost.why or "how large that is, no page says", cost
        )


def _missing(what: str, path: str) -> str:
    return f"the price book has no price of {what}; write yours into {OWN}, at {path}"
