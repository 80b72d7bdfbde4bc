"""How the internet reaches a system: its domains, and who answers for them.

App Platform can serve a domain itself, or Cloudflare can stand in front; it cannot be both for one app (DigitalOcean,
"Configure an external CDN", 2026-02-12): with a proxy in front, requests must use the app's default host name, which
works only while the domain is not also registered on the app.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Annotated, Literal

from pydantic import Field

from settings.duration import Between, show, whole_seconds
from settings.model import HostName, Settings
from settings.problem import Broken


class Domain(Settings):
    """A host name under which visitors find the system."""

    name: HostName
    """The full host name."""
    role: Literal["primary", "alias"] = "alias"
    """The one primary domain is the one that the platform redirects to and names in its variables."""
    proxied: bool | None = None
    """Whether Cloudflare's proxy answers for it. Decided by `mode`; set it only to have a contradiction refused."""


class Edge(Settings):
    """Domains and DNS records at Cloudflare."""

    zone: Annotated[HostName, Field(examples=["example.com"])]
    """The Cloudflare zone that holds the records. It must exist in the account."""
    mode: Literal["platform", "cloudflare"] = "platform"
    """`platform`: the app platform serves the domains and their certificates, the records are DNS only.
    `cloudflare`: Cloudflare's proxy serves them, and a Worker forwards to the app under its default host name."""
    domains: Annotated[
        tuple[Domain, ...],
        Field(min_length=1, max_length=50, examples=[[{"name": "example.com", "role": "primary"}]]),
    ]
    """The host names, exactly one of them primary."""
    ttl: Annotated[timedelta, Between("60s", "1d")] | None = None
    """How long resolvers may remember a DNS-only record. Not set: Cloudflare's automatic value (300 s)."""

    @property
    def record_ttl(self) -> int:
        """What the API takes: seconds, or 1 for automatic."""
        return whole_seconds(self.ttl) if self.ttl else 1

    def broken(self) -> Iterator[Broken]:
        primaries = [domain.name for domain in self.domains if domain.role == "primary"]
        if len(primaries) != 1:
            found = ", ".join(primaries) if primaries else "none"
            way_out = "make the others an alias" if primaries else "set role: primary on one of them"
            yield Broken(("domains",), f"exactly one domain must be primary, found {found}", way_out)
        for name, count in Counter(domain.name for domain in self.domains).items():
            if count > 1:
                yield Broken(("domains",), f"{name} stands here {count} times", "name each domain once")
        for index, domain in enumerate(self.domains):
            yield from self._broken_domain(index, domain)
        if self.mode == "cloudflare" and self.ttl is not None:
            yield Broken(
                ("ttl",),
                f"{show(self.ttl)} on proxied records, which always have Cloudflare's automatic time to live",
                "remove it",
                compared=(("mode",),),
            )

    def _broken_domain(self, index: int, domain: Domain) -> Iterator[Broken]:
        if domain.name != self.zone and not domain.name.endswith(f".{self.zone}"):
            yield Broken(
                ("domains", index, "name"),
                f"{domain.name} is not in the zone {self.zone}",
                "correct the one or the other",
                compared=(("zone",),),
            )
        if domain.proxied is not None and domain.proxied != (self.mode == "cloudflare"):
            yield Broken(
                ("domains", index, "proxied"),
                f"proxied: {str(domain.proxied).lower()} contradicts mode: {self.mode}; App Platform serves a domain "
                "itself or Cloudflare proxies it, never both",
                "remove it, or set mode: " + ("cloudflare" if domain.proxied else "platform"),
                compared=(("mode",),),
            )
