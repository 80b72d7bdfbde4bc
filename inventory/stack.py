"""A whole stack."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from inventory.app_platform import AppPlatformApp
from inventory.cluster import Cluster
from inventory.dns_record import DnsRecord
from inventory.fly_address import FlyAddress
from inventory.fly_app import FlyApp
from inventory.fly_certificate import FlyCertificate
from inventory.fly_volume import FlyVolume
from inventory.item import Item
from inventory.unknown import UNKNOWN, Unknown, UnknownValueError
from inventory.uptime import UptimeCheck
from inventory.worker import Worker
from inventory.zone import Zone


@dataclass(frozen=True, kw_only=True)
class Inventory:
    """What a stack consists of. Each part is in the order of its items' names."""

    stack: str
    environment: str
    systems: tuple[str, ...] = ()
    """The names of its systems."""
    fly_apps: tuple[FlyApp, ...] = ()
    fly_volumes: tuple[FlyVolume, ...] = ()
    fly_addresses: tuple[FlyAddress, ...] = ()
    fly_certificates: tuple[FlyCertificate, ...] = ()
    platform_apps: tuple[AppPlatformApp, ...] = ()
    clusters: tuple[Cluster, ...] = ()
    uptime_checks: tuple[UptimeCheck, ...] = ()
    dns_records: tuple[DnsRecord, ...] = ()
    workers: tuple[Worker, ...] = ()
    zones: tuple[Zone, ...] = ()

    @property
    def items(self) -> Iterator[Item]:
        """Everything in it."""
        yield from self.fly_apps
        yield from self.fly_volumes
        yield from self.fly_addresses
        yield from self.fly_certificates
        yield from self.platform_apps
        yield from self.clusters
        yield from self.uptime_checks
        yield from self.dns_records
        yield from self.workers
        yield from self.zones

    def running(self, app: FlyApp) -> tuple[int | Unknown, int | Unknown]:
        """How many machines of an app run: at the least and at the most."""
        for scaler in self.fly_apps:
            if app.role == "app" and scaler.role == "autoscaler" and scaler.system == app.system:
                try:
                    return int(scaler.variable("FAS_MIN_STARTED_MACHINE_COUNT") or 0), app.machines
                except UnknownValueError:
                    return UNKNOWN, app.machines
        return app.awake, app.machines
