"""A further DNS record of a system's zone: a status page elsewhere, mail, proofs of ownership."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Annotated, Final, Literal

from pydantic import Field

from settings.constraint import Text
from settings.duration import Between, show, whole_seconds
from settings.model import Settings
from settings.problem import Broken

PROXIABLE: Final = frozenset({"A", "AAAA", "CNAME"})
AUTOMATIC: Final = 1
"""What the API calls Cloudflare's own time to live, 300 s (dns/manage-dns-records, 2026-08)."""

RecordName = Annotated[
    str,
    Text(
        "a full DNS name in lower case, without a dot at the end",
        r"(\*\.)?([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z][a-z0-9-]*[a-z0-9]",
        "status.example.com",
        253,
    ),
]
Content = Annotated[str, Text("what the record says, on one line", r"[^\x00-\x1f\x7f]+", "status.example.net", 4096)]


class Record(Settings):
    """One DNS record."""

    name: RecordName
    """The full name."""
    type: Literal["A", "AAAA", "CAA", "CNAME", "MX", "TXT"]
    """The record's type."""
    content: Content
    """What it says: an address, a host name, a text."""
    proxied: bool = False
    """Whether visitors reach Cloudflare's proxy instead of what the record names."""
    ttl: Annotated[timedelta, Between("30s", "1d")] | None = Field(None, examples=["5m"])
    """How long resolvers may remember it; 30 to 59 s on the Enterprise plan only. Not set: automatic."""
    priority: Annotated[int, Field(ge=0, le=65_535)] | None = None
    """Of an MX record: the lower, the earlier it is tried."""

    @property
    def seconds(self) -> int:
        """What the API takes: seconds, or 1 for automatic."""
        return whole_seconds(self.ttl) if self.ttl else AUTOMATIC

    def broken(self) -> Iterator[Broken]:
        if self.proxied and self.ttl is not None:
            yield Broken(
                ("ttl",),
                f"{show(self.ttl)} on a proxied record, which always has Cloudflare's automatic time to live",
                "remove ttl, or set proxied: false",
                compared=(("proxied",),),
            )
        if self.proxied and self.type not in PROXIABLE:
            yield Broken(
                ("proxied",),
                f"a {self.type} record cannot be proxied, only A, AAAA and CNAME",
                "remove it",
                compared=(("type",),),
            )
        if (self.type == "MX") != (self.priority is not None):
            rule = "an MX record needs a priority" if self.type == "MX" else f"a {self.type} record has no priority"
            way_out = "set priority: 10" if self.type == "MX" else "remove it"
            yield Broken(("priority",), rule, way_out, compared=(("type",),))
