"""Zones at Cloudflare."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from inventory.dns_record import DnsRecord
from inventory.reading.family import Family
from inventory.reading.properties import at, entries, flag, mapping, present, text, text_or_none
from inventory.resource import Resource
from inventory.unknown import UNKNOWN, Unknown, UnknownValueError, known
from inventory.zone import Zone, ZoneAlert, ZoneHealthCheck, ZoneRule

ZONE_EDGE = "slipway:index:ZoneEdge"


def zones(family: Family, records: tuple[DnsRecord, ...]) -> tuple[Zone, ...]:
    """The zones that the stack has rules or settings in, by name. `records` are all of the stack's."""
    return tuple(_zone(family, found, records) for found in family.of(ZONE_EDGE))


def _zone(family: Family, edge: Resource, records: tuple[DnsRecord, ...]) -> Zone:
    def parts(kind: str) -> list[Resource]:
        token = f"cloudflare:index/{kind[0].lower()}{kind[1:]}:{kind}"
        return [found for found in family.of(token) if found.parent == edge.urn]

    domain = text(edge.properties, "zone", default=edge.name.replace("-", "."))
    name = edge.name.replace("-", ".") if isinstance(domain, Unknown) else domain
    behind = [record for record in records if _within(record, name)]
    return Zone(
        name=edge.name,
        system=None,
        protected=any(found.protect for found in parts("Zone")),
        zone=name,
        plan=text_or_none(edge.properties, "plan") or UNKNOWN,
        created=bool(parts("Zone")),
        systems=tuple(sorted({record.system for record in behind if record.system})),
        hosts=tuple(sorted({str(record.host) for record in behind})),
        settings={
            str(at(found.properties, "settingId")): at(found.properties, "value") for found in parts("ZoneSetting")
        },
        rules=_rules(parts("Ruleset")),
        argo=_on(parts("ArgoSmartRouting")),
        tiered_cache=_on(parts("ArgoTieredCaching")),
        health_checks=tuple(_health_check(found) for found in parts("Healthcheck")),
        alerts=tuple(_alert(found) for found in parts("NotificationPolicy")),
    )


def _within(record: DnsRecord, zone: str) -> bool:
    host = record.host
    return record.proxied is True and not isinstance(host, Unknown) and (host == zone or host.endswith(f".{zone}"))


def _on(found: list[Resource]) -> bool | Unknown:
    values = [at(resource.properties, "value") for resource in found]
    return UNKNOWN if UNKNOWN in values else "on" in values


def _rules(rulesets: list[Resource]) -> tuple[ZoneRule, ...] | Unknown:
    try:
        return tuple(rule for ruleset in rulesets for rule in _of_ruleset(ruleset.properties))
    except UnknownValueError:
        return UNKNOWN


def _of_ruleset(properties: Any) -> Iterator[ZoneRule]:
    phase = known(text(properties, "phase"))
    for rule in known(entries(properties, "rules")):
        limit = at(rule, "ratelimit")
        yield ZoneRule(
            ref=text(rule, "ref"),
            phase=phase,
            action=text(rule, "action"),
            expression=text(rule, "expression"),
            enabled=flag(rule, "enabled", default=True),
            parameters=mapping(rule, "actionParameters"),
            ratelimit=limit if limit is None or isinstance(limit, Unknown) else dict(limit),
        )


def _health_check(found: Resource) -> ZoneHealthCheck:
    return ZoneHealthCheck(
        name=found.name,
        system=None,
        protected=found.protect,
        address=text(found.properties, "address"),
        kind=text(found.properties, "type"),
        path=text_or_none(found.properties, "httpConfig", "path"),
    )


def _alert(found: Resource) -> ZoneAlert:
    told = [present(found.properties, "mechanisms", kind) for kind in ("emails", "webhooks", "pagerduties")]
    return ZoneAlert(
        name=found.name,
        system=None,
        protected=found.protect,
        kind=text(found.properties, "alertType"),
        enabled=flag(found.properties, "enabled", default=True),
        told=True if True in told else UNKNOWN if UNKNOWN in told else False,
    )
