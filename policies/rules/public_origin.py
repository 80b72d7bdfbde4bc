"""Records that lead somewhere."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_address

from inventory.dns_record import DnsRecord
from inventory.unknown import UNKNOWN, known
from policies.circumstances import Circumstances
from policies.rule import Rule
from policies.sample import Samples, sample
from policies.samples.cloudflare import record


def broken(found: DnsRecord, stack: Circumstances) -> Iterator[str]:
    # A record whose type a cloud will say proves who owns a name.
    if found.type not in {"A", "AAAA"}:
        return
    content = known(found.content)
    if not _is_public(content):
        yield f"{found.host} leads to {content}, which nobody reaches from outside"


def _is_public(content: str) -> bool:
    try:
        return ip_address(content).is_global
    except ValueError:
        return False


RULE = Rule(
    name="public-origin",
    about=DnsRecord,
    title="An address record leads to a public address.",
    why="A private address in public DNS tells how a network is built, and lets other pages reach into it by name.",
    source="RFC 6890 (special-purpose addresses), read 2026-08",
    remedy="correct the record, or keep it in a DNS server of the private network",
    production="mandatory",
    elsewhere="mandatory",
    broken=broken,
    samples=lambda: Samples(
        passes=(
            sample(record(type="A", content="9.9.9.9")),
            sample(record(type="AAAA", content="2a09:8280:1::1")),
            sample(record(type="TXT", content="10.0.0.1")),
            sample(record(type=UNKNOWN, content=UNKNOWN)),
        ),
        fails=(
            sample(record(type="A", content="10.0.0.1")),
            sample(record(type="AAAA", content="fdaa::3")),
            sample(record(type="A", content="shop.fly.dev")),
        ),
        unknown=(sample(record(type="A", content=UNKNOWN)),),
    ),
)
