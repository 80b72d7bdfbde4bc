"""DNS records and Workers at Cloudflare."""

from __future__ import annotations

from typing import Any

from inventory.dns_record import DnsRecord
from inventory.reading.family import Family
from inventory.reading.properties import at, entries, flag, number, number_or_none, text, text_or_none
from inventory.resource import Resource
from inventory.unknown import UNKNOWN, Unknown, UnknownValueError, known
from inventory.worker import Worker


def dns_records(family: Family) -> tuple[DnsRecord, ...]:
    """The records, by name."""
    return tuple(
        DnsRecord(
            name=found.name,
            system=family.system(found),
            protected=found.protect,
            host=text(found.properties, "name"),
            type=text(found.properties, "type"),
            content=text(found.properties, "content"),
            proxied=flag(found.properties, "proxied"),
            ttl=number(found.properties, "ttl", default=1),
        )
        for found in family.of("cloudflare:index/dnsRecord:DnsRecord")
    )


def workers(family: Family) -> tuple[Worker, ...]:
    """The Workers with their routes, by name."""
    routes = list(family.of("cloudflare:index/workersRoute:WorkersRoute"))
    return tuple(_worker(family, found, routes) for found in family.of("cloudflare:index/workersScript:WorkersScript"))


def _worker(family: Family, found: Resource, routes: list[Resource]) -> Worker:
    script = text(found.properties, "scriptName")
    variables, secrets = _bindings(found.properties)
    return Worker(
        name=found.name,
        system=family.system(found),
        protected=found.protect,
        script=script,
        variables=variables,
        secrets=secrets,
        compatibility_date=text_or_none(found.properties, "compatibilityDate"),
        cpu_ms=number_or_none(found.properties, "limits", "cpuMs"),
        routes=tuple(
            text(route.properties, "pattern")
            for route in routes
            if script is not UNKNOWN and at(route.properties, "script") == script
        ),
    )


def _bindings(properties: Any) -> tuple[dict[str, str | Unknown] | Unknown, frozenset[str] | Unknown]:
    """The plain variables, and the names of the secret ones."""
    try:
        found = [
            (known(text(entry, "type")), known(text(entry, "name")), entry) for entry in known(_entries(properties))
        ]
    except UnknownValueError:
        return UNKNOWN, UNKNOWN
    plain = {name: text(entry, "text") for kind, name, entry in found if kind == "plain_text"}
    return plain, frozenset(name for kind, name, _ in found if kind == "secret_text")


def _entries(properties: Any) -> tuple[Any, ...] | Unknown:
    return entries(properties, "bindings")
