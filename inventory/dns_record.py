"""DNS records at Cloudflare."""

from __future__ import annotations

from dataclasses import dataclass

from inventory.item import Item
from inventory.unknown import Unknown


@dataclass(frozen=True, kw_only=True)
class DnsRecord(Item):
    """One DNS record. `ttl` in seconds, 1 for automatic."""

    host: str | Unknown
    type: str | Unknown
    content: str | Unknown
    proxied: bool | Unknown
    ttl: int | Unknown
