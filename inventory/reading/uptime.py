"""Uptime checks on DigitalOcean, with their alerts."""

from __future__ import annotations

from typing import Any

from inventory.reading.family import Family
from inventory.reading.properties import entries, flag, number_or_none, present, text, text_or_none, texts
from inventory.resource import Resource
from inventory.unknown import UNKNOWN, Unknown
from inventory.uptime import UptimeAlert, UptimeCheck


def uptime_checks(family: Family) -> tuple[UptimeCheck, ...]:
    """The checks, by name."""
    checks = list(family.of("digitalocean:index/uptimeCheck:UptimeCheck"))
    alerts: dict[str, list[Resource]] = {check.name: [] for check in checks}
    for alert in family.of("digitalocean:index/uptimeAlert:UptimeAlert"):
        # The id of its check is not known before that is there; the names always tell.
        owners = [name for name in alerts if alert.name.startswith(f"{name}-")]
        if owners:
            alerts[max(owners, key=len)].append(alert)
    return tuple(
        UptimeCheck(
            name=check.name,
            system=family.system(check),
            protected=check.protect,
            target=text(check.properties, "target"),
            kind=text(check.properties, "type", default="https"),
            regions=texts(check.properties, "regions"),
            enabled=flag(check.properties, "enabled", default=True),
            alerts=tuple(_alert(family, alert) for alert in alerts[check.name]),
        )
        for check in checks
    )


def _alert(family: Family, alert: Resource) -> UptimeAlert:
    return UptimeAlert(
        name=alert.name,
        system=family.system(alert),
        protected=alert.protect,
        kind=text(alert.properties, "type"),
        period=text_or_none(alert.properties, "period"),
        threshold=number_or_none(alert.properties, "threshold"),
        told=_told(alert.properties),
    )


def _told(properties: Any) -> bool | Unknown:
    found = entries(properties, "notifications")
    if isinstance(found, Unknown):
        return UNKNOWN
    told = [present(entry, kind) for entry in found for kind in ("emails", "slacks")]
    return True if True in told else UNKNOWN if UNKNOWN in told else False
