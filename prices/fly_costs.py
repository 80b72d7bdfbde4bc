"""What apps on Fly.io cost: machines, disks, addresses, certificates, traffic."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Final

from inventory.fly_app import FlyApp
from inventory.stack import Inventory
from inventory.unknown import Unknown, UnknownValueError, known
from prices.book import Fly
from prices.entry import MONTH_SECONDS, Clerk, Rate, rate, shown
from prices.line import SHARED, Line
from prices.price import Reading
from settings.fly import MACHINE_SIZES

_MACHINE: Final = "machine-month"


def machine_rate(book: Fly, size_name: str, memory_mb: int, region: str, today: date) -> Rate:
    """What one machine that runs all month costs. Rates of CPU and memory times what the region charges."""
    factor = book.markup.regions.get(region)
    if factor is None:
        why = f"the price book has no prices of the region {region}"
        read = Reading(date=book.markup.date, source=book.markup.source, unknown=why)
        return Rate(None, (read,), _MACHINE)
    if size_name not in MACHINE_SIZES:
        read = book.memory.on(today)
        why = f"the price book has no machines of the size {size_name}"
        return Rate(None, (Reading(date=read.date, source=read.source, unknown=why),), _MACHINE)
    size = MACHINE_SIZES[size_name]
    cpu = book.cpu["shared" if size.shared else "performance"].on(today)
    memory = book.memory.on(today)
    if cpu.usd is None or memory.usd is None:
        return Rate(None, (cpu, memory), _MACHINE)
    beyond_gb = Decimal(max(0, memory_mb - size.memory_minimum)) / 1024
    second = size.cpus * cpu.usd + beyond_gb * memory.usd
    return Rate(second * MONTH_SECONDS * Decimal(str(factor)), (cpu, memory), _MACHINE)


def fly_lines(inventory: Inventory, book: Fly, today: date) -> Iterator[Line]:
    """Every line of every app."""
    for app in inventory.fly_apps:
        clerk = Clerk.of(app, app.app, today)
        yield from _machines(inventory, app, book, clerk)
        if app.role == "app":
            yield from _egress(app, book, clerk)
    yield from _volumes(inventory, book, today)
    yield from _addresses(inventory, book, today)
    yield from _certificates(inventory, book, today)


def _machines(inventory: Inventory, app: FlyApp, book: Fly, clerk: Clerk) -> Iterator[Line]:
    low, high = inventory.running(app)
    try:
        size, memory, counts = known(app.size), known(app.memory_mb), known(app.counts)
    except UnknownValueError:
        yield clerk.unknown("machines", "", _MACHINE, "their size or number is known only after the deployment")
        return
    for region, number in counts.items():
        cost = machine_rate(book, size, memory, region, clerk.today)
        least = number if low == high else _at_most(low, number)
        # Only in the primary region does Fly.io keep a minimum running.
        if region != app.region and low != high:
            least = 0
        yield clerk.fixed(f"machines in {region}", f"{size}, {memory} MB", cost, least, number)
    if low != high:
        yield clerk.by_use("root file systems of stopped machines", rate(book.rootfs, clerk.today))


def _at_most(low: int | Unknown, number: int | Unknown) -> int | Unknown:
    return low if isinstance(low, Unknown) or isinstance(number, Unknown) else min(low, number)


def _egress(app: FlyApp, book: Fly, clerk: Clerk) -> Iterator[Line]:
    """What the app sends to the internet, by the region that it is sent from."""
    if isinstance(app.counts, Unknown):
        return
    areas = {area for area, regions in book.areas.items() if set(regions) & set(app.counts)}
    for area in sorted(areas):
        price = book.egress[area]
        yield clerk.by_use(price.item, rate(price, clerk.today))


def _volumes(inventory: Inventory, book: Fly, today: date) -> Iterator[Line]:
    for volume in inventory.fly_volumes:
        clerk = Clerk.of(volume, volume.app, today)
        cost = rate(book.volume, today)
        name = shown(volume.volume, volume.name)
        if isinstance(volume.size_gb, Unknown) or isinstance(volume.count, Unknown):
            yield clerk.unknown(f"volume {name}", "", cost.unit, "its size is known only after the deployment")
            continue
        # One that grows by itself never shrinks again.
        most = volume.extends_to_gb if isinstance(volume.extends_to_gb, int) else volume.size_gb
        detail = f"{volume.size_gb} GB" + (f", grows to {most} GB" if most > volume.size_gb else "")
        low, high = volume.count * volume.size_gb, volume.count * max(most, volume.size_gb)
        yield clerk.fixed(f"volume {name}", detail, cost, low, high)
        if volume.scheduled_snapshots:
            price = book.snapshots
            note = f"the first {price.free:g} GB of an organization are free"
            yield clerk.by_use(f"snapshots of {name}", rate(price, today), note)


def _addresses(inventory: Inventory, book: Fly, today: date) -> Iterator[Line]:
    """The dedicated ones: shared IPv4 and all IPv6 addresses are free."""
    for address in inventory.fly_addresses:
        clerk = Clerk.of(address, address.app, today)
        if isinstance(address.kind, Unknown):
            yield clerk.unknown("address", "", "month", "its kind is known only after the deployment")
        elif address.kind == "v4":
            yield clerk.fixed(book.ipv4.item, "", rate(book.ipv4, today), 1)


def _certificates(inventory: Inventory, book: Fly, today: date) -> Iterator[Line]:
    """By app. Of an organization some are free: those that come first here."""
    organizations = {app.app: app.organization for app in inventory.fly_apps}
    left: Counter[object] = Counter()
    by_app: dict[tuple[str, str | Unknown], list[str]] = {}
    for certificate in inventory.fly_certificates:
        key = (certificate.system or SHARED, certificate.app)
        by_app.setdefault(key, []).append(shown(certificate.host, certificate.name))
    for (system, app), hosts in by_app.items():
        clerk = Clerk(system, shown(app, system), today)
        wild = sum(host.startswith("*.") for host in hosts)
        single = len(hosts) - wild
        organization = organizations.get(app)
        free = min(single, max(0, int(book.certificate.free) - left[organization]))
        left[organization] += single
        if single:
            yield clerk.fixed("certificates", "", rate(book.certificate, today), single, free=free)
        if wild:
            yield clerk.fixed("wildcard certificates", "", rate(book.wildcard_certificate, today), wild)
