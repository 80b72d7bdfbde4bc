"""Apps, volumes, addresses and certificates on Fly.io."""

from __future__ import annotations

from typing import Any, Final

from inventory.fly_address import FlyAddress
from inventory.fly_app import FlyApp, Metrics, Mount, Role
from inventory.fly_certificate import FlyCertificate
from inventory.fly_volume import FlyVolume
from inventory.reading.family import Family
from inventory.reading.fly_services import checks, services
from inventory.reading.fly_units import gigabytes, megabytes, seconds
from inventory.reading.properties import at, entries, flag, mapping, number, number_or_none, text, text_or_none
from inventory.resource import Resource
from inventory.unknown import UNKNOWN, Unknown
from settings.fly import MACHINE_SIZES

_ROLES: Final[dict[str, Role]] = {
    "slipway:index:Redis": "redis",
    "slipway:index:PgBouncer": "pgbouncer",
    "slipway:index:Autoscaler": "autoscaler",
}
_DEFAULT_SIZE: Final = "shared-cpu-1x"


def fly_apps(family: Family) -> tuple[FlyApp, ...]:
    """One for each release."""
    return tuple(_app(family, release) for release in family.of("fly:index:Release"))


def fly_volumes(family: Family) -> tuple[FlyVolume, ...]:
    """One for each name of volumes."""
    return tuple(
        FlyVolume(
            name=found.name,
            system=family.system(found),
            protected=found.protect,
            app=text(found.properties, "app"),
            volume=text(found.properties, "name"),
            region=text(found.properties, "region"),
            size_gb=number(found.properties, "sizeGb"),
            count=number(found.properties, "count", default=1),
            snapshot_days=number(found.properties, "snapshotRetentionDays", default=5),
            scheduled_snapshots=flag(found.properties, "scheduledSnapshots", default=True),
            extends_to_gb=number_or_none(found.properties, "extendsToGb"),
        )
        for found in family.of("fly:index:Volume")
    )


def fly_addresses(family: Family) -> tuple[FlyAddress, ...]:
    """The addresses."""
    return tuple(
        FlyAddress(
            name=found.name,
            system=family.system(found),
            protected=found.protect,
            app=text(found.properties, "app"),
            kind=text(found.properties, "type"),
        )
        for found in family.of("fly:index:Address")
    )


def fly_certificates(family: Family) -> tuple[FlyCertificate, ...]:
    """The certificates."""
    return tuple(
        FlyCertificate(
            name=found.name,
            system=family.system(found),
            protected=found.protect,
            app=text(found.properties, "app"),
            host=text(found.properties, "hostname"),
        )
        for found in family.of("fly:index:Certificate")
    )


def _app(family: Family, release: Resource) -> FlyApp:
    config = at(release.properties, "config")
    name = text(release.properties, "app")
    app = next((found for found in family.of("fly:index:App") if at(found.properties, "name") == name), None)
    owner = family.parent(release)
    size = text(config, "vm", 0, "size", default=_DEFAULT_SIZE)
    return FlyApp(
        name=release.name,
        system=family.system(release),
        protected=app.protect if app else False,
        role=_ROLES.get(owner.type, "app") if owner else "app",
        app=name,
        organization=text(app.properties, "org") if app else UNKNOWN,
        region=text(config, "primary_region"),
        counts=_counts(release.properties),
        size=size,
        memory_mb=_memory(config, size),
        swap_mb=number_or_none(config, "swap_size_mb"),
        image=text_or_none(release.properties, "image"),
        strategy=text(config, "deploy", "strategy", default="rolling"),
        max_unavailable=_share(config),
        wait_seconds=seconds(config, "deploy", "wait_timeout"),
        kill_signal=text_or_none(config, "kill_signal"),
        kill_seconds=seconds(config, "kill_timeout"),
        services=services(config),
        checks=checks(config),
        mounts=_mounts(config),
        metrics=_metrics(config),
        variables=_variables(config),
        secrets=_secrets(family, release),
        files=_files(config),
        gate_path=text_or_none(release.properties, "gate", "path"),
        gate_successes=number(release.properties, "gate", "successes", default=3),
        single_instance=flag(release.properties, "singleInstance"),
    )


def _counts(properties: Any) -> dict[str, int | Unknown] | Unknown:
    found = mapping(properties, "counts")
    return found if isinstance(found, Unknown) else {region: number(count) for region, count in found.items()}


def _memory(config: Any, size: str | Unknown) -> int | Unknown:
    found = megabytes(config, "vm", 0, "memory")
    if found is not None:
        return found
    if isinstance(size, Unknown) or size not in MACHINE_SIZES:
        return UNKNOWN
    return MACHINE_SIZES[size].memory_minimum


def _share(config: Any) -> float | Unknown | None:
    found = at(config, "deploy", "max_unavailable")
    return found if isinstance(found, Unknown) or found is None else float(found)


def _mounts(config: Any) -> tuple[Mount, ...] | Unknown:
    found = entries(config, "mounts")
    if isinstance(found, Unknown):
        return found
    return tuple(
        Mount(
            volume=text(mount, "source"),
            path=text(mount, "destination"),
            scheduled_snapshots=flag(mount, "scheduled_snapshots", default=True),
            snapshot_days=number_or_none(mount, "snapshot_retention"),
            extends_to_gb=gigabytes(mount, "auto_extend_size_limit"),
        )
        for mount in found
    )


def _metrics(config: Any) -> tuple[Metrics, ...] | Unknown:
    found = entries(config, "metrics")
    if isinstance(found, Unknown):
        return found
    return tuple(Metrics(port=number(entry, "port"), path=text(entry, "path")) for entry in found)


def _variables(config: Any) -> dict[str, str | Unknown] | Unknown:
    found = mapping(config, "env")
    return found if isinstance(found, Unknown) else {name: text(value) for name, value in sorted(found.items())}


def _secrets(family: Family, release: Resource) -> frozenset[str] | Unknown:
    names: set[str] = set()
    for found in family.siblings(release, "fly:index:Secrets"):
        values = mapping(found.properties, "values")
        if isinstance(values, Unknown):
            return UNKNOWN
        names |= values.keys()
    return frozenset(names)


def _files(config: Any) -> dict[str, str | Unknown | None] | Unknown:
    found = entries(config, "files")
    if isinstance(found, Unknown) or any(at(entry, "guest_path") is UNKNOWN for entry in found):
        return UNKNOWN
    return {str(at(entry, "guest_path")): text_or_none(entry, "raw_value") for entry in found}
