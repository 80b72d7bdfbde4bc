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

from edge.fields import PlanName
from settings.duration import Between, show, whole_seconds
from settings.edge_gaps import gaps
from settings.edge_plan import PLANS
from settings.edge_record import Record
from settings.edge_rules import CacheRule, EdgeWorker, FirewallRule, Headers, RateLimit, RuleName
from settings.edge_zone import ZoneSettings
from settings.model import HostName, Settings, VariableName
from settings.problem import Broken, Path


class Domain(Settings):
    """A host name under which visitors find the system."""

    name: HostName
    """The full host name."""
    role: Literal["primary", "alias"] = "alias"
    """The one primary domain is the one that the platform redirects to and names in its variables."""
    proxied: bool | None = None
    """Whether Cloudflare's proxy answers for it. Decided by `mode`; set it only to have a contradiction refused."""


class Edge(Settings):
    """Domains, DNS records and rules at Cloudflare."""

    zone: Annotated[HostName, Field(examples=["example.com"])]
    """The Cloudflare zone that holds the records."""
    mode: Literal["platform", "cloudflare"] = "platform"
    """`platform`: the app platform serves the domains and their certificates, the records are DNS only.
    `cloudflare`: Cloudflare's proxy serves them; a Worker
    forwards to App Platform under the app's default host name."""
    domains: Annotated[
        tuple[Domain, ...],
        Field(min_length=1, max_length=50, examples=[[{"name": "example.com", "role": "primary"}]]),
    ]
    """The host names, exactly one of them primary."""
    ttl: Annotated[timedelta, Between("60s", "1d")] | None = None
    """How long resolvers may remember a DNS-only record. Not set: Cloudflare's automatic value (300 s)."""
    plan: PlanName = "free"
    """The zone's plan at Cloudflare. Every wish below is checked against it."""
    on_plan_gap: Literal["refuse", "fallback"] = "refuse"
    """What happens to a wish that the plan does not have: it is a problem, or the nearest thing that the plan has is
    done, and said in every preview."""
    records: Annotated[dict[RuleName, Record], Field(max_length=100)] = Field(default_factory=dict)
    """Further DNS records by a label of your own."""
    cache: Annotated[dict[RuleName, CacheRule], Field(max_length=300)] = Field(default_factory=dict)
    """What is cached, by rule."""
    firewall: Annotated[dict[RuleName, FirewallRule], Field(max_length=1000)] = Field(default_factory=dict)
    """What is blocked, challenged or let through, by rule."""
    rate_limits: Annotated[dict[RuleName, RateLimit], Field(max_length=100)] = Field(default_factory=dict)
    """How many requests an address may send, by rule."""
    headers: Headers = Field(default_factory=dict)
    """Headers of every answer."""
    workers: Annotated[dict[RuleName, EdgeWorker], Field(max_length=20)] = Field(default_factory=dict)
    """Programs at the edge, by label."""
    zone_settings: ZoneSettings | None = None
    """The zone as a whole. At most one system of a stack settles a zone."""

    @property
    def record_ttl(self) -> int:
        """What the API takes: seconds, or 1 for automatic."""
        return whole_seconds(self.ttl) if self.ttl else 1

    @property
    def secrets(self) -> dict[VariableName, Path]:
        """The secrets that the rules and alerts need, with the setting that asks for each."""
        found: dict[str, Path] = {}
        for section in ("cache", "firewall", "rate_limits"):
            for name, rule in getattr(self, section).items():
                for header, secret in rule.when.secret_headers.items():
                    found[secret] = (section, name, "when", "secret_headers", header)
        if self.zone_settings and self.zone_settings.alerts and self.zone_settings.alerts.webhook_secret:
            found[self.zone_settings.alerts.webhook_secret] = ("zone_settings", "alerts", "webhook_secret")
        return found

    def broken(self) -> Iterator[Broken]:
        yield from self._broken_domains()
        yield from self._broken_records()
        yield from self._broken_routes()
        if self.mode == "platform":
            for name in ("cache", "firewall", "rate_limits", "headers", "workers", "zone_settings"):
                if getattr(self, name):
                    yield Broken(
                        (name,),
                        f"{name} has no effect with mode: platform, where no request passes Cloudflare's proxy",
                        "set mode: cloudflare, or remove it",
                        compared=(("mode",),),
                    )
        for gap in gaps(self):
            if self.on_plan_gap == "refuse" or gap.instead is None:
                yield Broken(gap.path, gap.rule, gap.way_out, compared=(("plan",),))

    def _broken_records(self) -> Iterator[Broken]:
        domains = {domain.name for domain in self.domains}
        for label, record in self.records.items():
            where: Path = ("records", label)
            if record.name != self.zone and not record.name.endswith(f".{self.zone}"):
                yield Broken(
                    (*where, "name"),
                    f"{record.name} is not in the zone {self.zone}",
                    "correct the one or the other",
                    compared=(("zone",),),
                )
            if record.ttl and whole_seconds(record.ttl) < (least := PLANS[self.plan].dns_ttl_minimum):
                yield Broken(
                    (*where, "ttl"),
                    f"{show(record.ttl)} is less than the {least} s that the plan {self.plan} allows",
                    f"set ttl: {least}s",
                    compared=(("plan",),),
                )
            if record.name in domains:
                yield Broken(
                    (*where, "name"),
                    f"{record.name} is a domain of the system, whose CNAME stands alone at its name",
                    "choose another name",
                    compared=(("domains",),),
                )
            beside = [
                other
                for other, found in self.records.items()
                if other != label and found.name == record.name and "CNAME" in {found.type, record.type}
            ]
            if record.type == "CNAME" and beside:
                yield Broken(
                    where,
                    f"a CNAME at {record.name} stands beside the record {', '.join(beside)}",
                    "a CNAME must be the only record at its name: remove one of them",
                )

    def _broken_routes(self) -> Iterator[Broken]:
        taken: dict[str, str] = {}
        for label, worker in self.workers.items():
            for index, route in enumerate(worker.routes):
                host = route.partition("/")[0].removeprefix("*").removeprefix(".")
                if host != self.zone and not host.endswith(f".{self.zone}"):
                    yield Broken(
                        ("workers", label, "routes", index),
                        f"{route} is outside the zone {self.zone}",
                        "correct the one or the other",
                        compared=(("zone",),),
                    )
                if (owner := taken.setdefault(route, label)) != label:
                    yield Broken(
                        ("workers", label, "routes", index), f"{route} is a route of {owner}, too", "keep one of them"
                    )

    def _broken_domains(self) -> Iterator[Broken]:
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
