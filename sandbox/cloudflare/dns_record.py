"""A DNS record of a zone."""

from __future__ import annotations

from collections.abc import Iterable

from sandbox.cloudflare.zone import require_zone
from sandbox.errors import CloudError
from sandbox.resource import OneOf, Problem, Request, ResourceType, Span
from sandbox.store import Document
from sandbox.values import Properties

_COMMON_TYPES = ("A", "AAAA", "CAA", "CNAME", "HTTPS", "MX", "NS", "PTR", "SRV", "SVCB", "TXT")
_RARE_TYPES = ("CERT", "DNSKEY", "DS", "LOC", "NAPTR", "OPENPGPKEY", "SMIMEA", "SSHFP", "TLSA", "URI")
PROXIABLE = ("A", "AAAA", "CNAME")
AUTOMATIC_TTL = 1
_ALONE = ("A", "AAAA", "CNAME")


def _problems(properties: Properties) -> Iterable[Problem]:
    ttl = properties.get("ttl")
    if isinstance(ttl, int | float) and ttl != AUTOMATIC_TTL and not 30 <= ttl <= 86_400:
        yield Problem("ttl", f"expected 1 (automatic) or 30 - 86400 seconds, got {ttl:g}")


def _refuse(request: Request) -> None:
    zone = require_zone(request)
    record = request.document
    ttl = record.get("ttl", AUTOMATIC_TTL)
    if ttl != AUTOMATIC_TTL and ttl < 60 and zone["plan"]["legacyId"] != "enterprise":
        raise CloudError(400, f"TTL {ttl} must be between 60 and 86400 seconds, or 1 for automatic", code=9021)
    if not (record["name"] == zone["name"] or record["name"].endswith(f".{zone['name']}") or record["name"] == "@"):
        raise CloudError(400, f"DNS name {record['name']} is not in the zone {zone['name']}", code=9000)
    if record.get("proxied"):
        if record["type"] not in PROXIABLE:
            raise CloudError(400, f"a {record['type']} record cannot be proxied; only A, AAAA and CNAME", code=9004)
        if ttl != AUTOMATIC_TTL:
            raise CloudError(400, f"ttl must be 1 (automatic) when the record is proxied, got {ttl}", code=9003)
    _refuse_beside(request, record)


def _refuse_beside(request: Request, record: Document) -> None:
    place = (record["zoneId"], record["name"])
    for _, other in request.others():
        if (other["zoneId"], other["name"]) != place:
            continue
        if (other["type"], other.get("content")) == (record["type"], record.get("content")):
            raise CloudError(400, "An identical record already exists.", code=81058)
        if "CNAME" in (other["type"], record["type"]) and {other["type"], record["type"]} <= set(_ALONE):
            raise CloudError(400, "An A, AAAA, or CNAME record with that host already exists.", code=81053)


def _fill(request: Request) -> None:
    record = request.document
    record.setdefault("tags", [])
    record.setdefault("settings", {})
    record["proxiable"] = record["type"] in PROXIABLE
    record["meta"] = "{}"
    if request.old is None:
        record["createdOn"] = request.now
    record["modifiedOn"] = request.now


DNS_RECORD = ResourceType(
    pulumi_type="cloudflare:index/dnsRecord:DnsRecord",
    title="DNS record",
    url="zones/{zoneId}/dns_records",
    required=("zoneId",),
    checks={"type": OneOf((*_COMMON_TYPES, *_RARE_TYPES)), "priority": Span(0, 65535)},
    problems=_problems,
    refuse=_refuse,
    fill=_fill,
    replaces=("zoneId", "type"),
    sets=("tags",),
    defaults={"proxied": False},
    computed=("tags", "settings", "settings.flattenCname", "settings.ipv4Only", "settings.ipv6Only", "privateRouting"),
)
