"""A DNS record of a domain at DigitalOcean."""

from __future__ import annotations

from sandbox.errors import CloudError
from sandbox.resource import OneOf, Request, ResourceType, Span


def _refuse(request: Request) -> None:
    record = request.document
    if request.store.get("digitalocean/domain", record["domain"]) is None:
        raise CloudError(404, f"domain {record['domain']!r} was not found; create it first")
    host = record.get("name", "@")
    beside = [
        other for _, other in request.others() if (other["domain"], other.get("name", "@")) == (record["domain"], host)
    ]
    if beside and "CNAME" in (record["type"], *(other["type"] for other in beside)):
        raise CloudError(422, "CNAME records cannot share a name with other records")


def _fill(request: Request) -> None:
    record = request.document
    record.setdefault("name", "@")
    record.setdefault("ttl", 1800)
    record["fqdn"] = record["domain"] if record["name"] == "@" else f"{record['name']}.{record['domain']}"


DNS_RECORD = ResourceType(
    pulumi_type="digitalocean:index/dnsRecord:DnsRecord",
    title="record",
    url="v2/domains/{domain}/records",
    checks={
        "type": OneOf(("A", "AAAA", "CAA", "CNAME", "MX", "NS", "TXT", "SRV", "SOA")),
        "port": Span(0, 65535),
        "priority": Span(0, 65535),
        "weight": Span(0, 65535),
        "flags": Span(0, 255),
        "tag": OneOf(("issue", "issuewild", "iodef")),
    },
    limits={"ttl": Span(30, 2_147_483_647)},
    refuse=_refuse,
    fill=_fill,
    replaces=("domain", "type"),
    computed=("ttl", "name"),
    identify=lambda request: str(100_000_000 + request.number("digitalocean record")),
)
