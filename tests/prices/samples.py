"""Small inventories, and the stacks of this project as inventories."""

from __future__ import annotations

import functools
from datetime import date
from pathlib import Path
from typing import Any

from inventory.app_platform import AppPlatformApp
from inventory.cluster import Cluster
from inventory.fly_app import FlyApp, FlyService
from inventory.fly_certificate import FlyCertificate
from inventory.fly_volume import FlyVolume
from inventory.from_settings import from_settings
from inventory.stack import Inventory
from inventory.worker import Worker
from inventory.zone import Zone
from tests.stacks import loaded

ROOT = Path(__file__).resolve().parents[2]
TODAY = date(2026, 11, 22)


@functools.cache
def described(stack: str) -> Inventory:
    """A stack of this project."""
    return from_settings(loaded(stack))


def inventory(**parts: Any) -> Inventory:
    return Inventory(stack="production", environment="production", **parts)


def fly_app(name: str = "shop", **changes: Any) -> FlyApp:
    """One small machine in Ashburn."""
    given: dict[str, Any] = {
        "name": f"{name}-release",
        "system": name,
        "role": "app",
        "app": name,
        "organization": "personal",
        "region": "iad",
        "counts": {"iad": 1},
        "size": "shared-cpu-1x",
        "memory_mb": 256,
        "strategy": "rolling",
    }
    return FlyApp(**given | changes)


def http_service(*, minimum: int) -> FlyService:
    """One that stops idle machines, but for so many."""
    return FlyService(
        protocol="http",
        internal_port=8080,
        ports=(80, 443),
        force_https=True,
        plain_http=True,
        auto_stop="stop",
        auto_start=True,
        minimum=minimum,
        counts="requests",
        soft_limit=10,
        hard_limit=20,
    )


def certificates(app: str, *hosts: str) -> tuple[FlyCertificate, ...]:
    return tuple(FlyCertificate(name=f"{app}-{host}", system=app, app=app, host=host) for host in hosts)


def volume(**changes: Any) -> FlyVolume:
    given: dict[str, Any] = {
        "name": "shop-data",
        "system": "shop",
        "app": "shop",
        "volume": "data",
        "region": "iad",
        "size_gb": 5,
        "count": 2,
        "snapshot_days": 5,
        "scheduled_snapshots": True,
    }
    return FlyVolume(**given | changes)


def platform_app(**changes: Any) -> AppPlatformApp:
    given: dict[str, Any] = {
        "name": "site-app",
        "system": "site",
        "app": "site",
        "region": "fra",
        "size": "apps-s-1vcpu-1gb",
        "minimum": 2,
        "maximum": 2,
    }
    return AppPlatformApp(**given | changes)


def cluster(**changes: Any) -> Cluster:
    given: dict[str, Any] = {
        "name": "site-db",
        "system": "site",
        "cluster": "site-db",
        "engine": "pg",
        "version": "17",
        "region": "fra1",
        "size": "db-s-1vcpu-1gb",
        "nodes": 1,
    }
    return Cluster(**given | changes)


def zone(**changes: Any) -> Zone:
    given: dict[str, Any] = {
        "name": "example-com",
        "system": None,
        "zone": "example.com",
        "plan": "pro",
        "systems": ("site",),
    }
    return Zone(**given | changes)


def worker(system: str = "site", **changes: Any) -> Worker:
    return Worker(**{"name": f"{system}-worker", "system": system, "script": f"{system}-worker"} | changes)
