"""The inventory of a stack, from its resources."""

from __future__ import annotations

from collections.abc import Iterable

from inventory.reading.app_platform import platform_apps
from inventory.reading.cluster import clusters
from inventory.reading.edge import dns_records, workers
from inventory.reading.family import SYSTEM, Family
from inventory.reading.fly import fly_addresses, fly_apps, fly_certificates, fly_volumes
from inventory.reading.uptime import uptime_checks
from inventory.reading.zone import zones
from inventory.resource import Resource
from inventory.stack import Inventory


def from_resources(stack: str, environment: str, resources: Iterable[Resource]) -> Inventory:
    """What the resources are, components included, in any order. Other types do not count."""
    family = Family(resources)
    records = dns_records(family)
    return Inventory(
        stack=stack,
        environment=environment,
        systems=tuple(system.name for system in family.of(SYSTEM)),
        fly_apps=fly_apps(family),
        fly_volumes=fly_volumes(family),
        fly_addresses=fly_addresses(family),
        fly_certificates=fly_certificates(family),
        platform_apps=platform_apps(family),
        clusters=clusters(family),
        uptime_checks=uptime_checks(family),
        dns_records=records,
        workers=workers(family),
        zones=zones(family, records),
    )
