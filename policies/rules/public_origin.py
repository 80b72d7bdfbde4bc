"""Records that lead somewhere."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_address, ip_network
from typing import Final

from inventory.dns_record import DnsRecord
from inventory.unknown import UNKNOWN, known
from policies.circumstances import Circumstances
from policies.rule import Rule
from policies.sample import Samples, sample
from policies.samples.cloudflare import record

NOWHERE: Final = (ip_network("192.0.2.0/24"), ip_network("100::/64"))
"""RFC 5737 and RFC 6666 keep them free, and Cloudflare's docs have them stand for a host without an origin."""


def broken(found: DnsRecord, stack: Circumstances) -> Iterator[str]:
    # A record whose type a cloud will say proves who owns a name.
    if found.type not in {"A", "AAAA"}:
        return
    content = known(found.content)
    if not _is_public(content) and not (_is_nowhere(content) and known(found.proxied)):
        yield f"{found.host} leads to {content}, which nobody reaches from outside"


def _is_public(content: str) -> bool:
    try:
        return ip_address(content).is_global
    except ValueError:
        return False


def _is_nowhere(content: str) -> bool:
    """Whether it stands for no origin at all: with Cloudflare's proxy before it, a Worker or a redirect answers."""
    try:
        address = ip_address(content)
    except ValueError:
        return False
    return any(address in network for network in NOWHERE)


RULE = Rule(
    name="public-origin",
    about=DnsRecord,
    title="An address record leads to a public address, or a proxied one to none.",
    why="A private address in public DNS tells how a network is built, and lets other pages reach into it by name.",
    source="RFC 6890 (special-purpose addresses); Cloudflare docs, dns/manage-dns-records (originless), read 2026-08",
    remedy="correct the record, or keep it in a DNS server of the private network",
    production="mandatory",
    elsewhere="mandatory",
    broken=broken,
    samples=lambda: Samples(
        passes=(
            sample(record(type="A", content="9.9.9.9")),
            sample(record(type="AAAA", content="2a09:8280:1::1")),
            sample(record(type="A", content="192.0.2.1")),
            sample(record(type="AAAA", content="100::")),
            sample(record(type="TXT", content="10.0.0.1")),
            sample(record(type=UNKNOWN, content=UNKNOWN)),
        ),
        fails=(
            sample(record(type="A", content="10.0.0.1")),
            sample(record(type="A", content="192.0.2.1", proxied=False)),
            sample(record(type="AAAA", content="fdaa::3")),
            sample(record(type="A", content="shop.fly.dev")),
        ),
        unknown=(
            sample(record(type="A", content=UNKNOWN)),
            sample(record(type="A", content="192.0.2.1", proxied=UNKNOWN)),
        ),
    ),
)
