"""The price book: every price that the project knows, by cloud."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from edge.fields import PlanName
from prices.price import (
    Day,
    PerCpuSecond,
    PerGb,
    PerGbMonth,
    PerGbSecond,
    PerMillionMs,
    PerMillionRequests,
    PerMonth,
    Price,
)
from settings.app_platform import Size
from settings.constraint import Distinct
from settings.database import ClusterSize
from settings.fly import Region
from settings.model import Settings, line

Area = Literal["africa-india", "asia-pacific-south-america", "europe-north-america"]


class Section(Settings):
    """The prices of one cloud."""

    currency: Literal["USD"]
    """What all amounts are in."""

    def prices(self) -> Iterator[tuple[str, Price]]:
        """Every price with its place in the section, such as `cpu.shared`."""
        for name in type(self).model_fields:
            value = getattr(self, name)
            found = value if isinstance(value, dict) else {None: value}
            for key, price in found.items():
                if isinstance(price, Price):
                    yield (f"{name}.{key}" if key else name), price


class Markup(Settings):
    """What regions charge for CPU and memory, in relation to the cheapest."""

    date: Day
    """When it was read."""
    source: Annotated[str, line("docs.example.com/pricing")]
    """Where it stands."""
    regions: dict[Region, Annotated[float, Field(ge=1, le=10)]]
    """The factor of each region. One that is missing has no known price."""


class Fly(Section):
    """What Fly.io charges."""

    cpu: Annotated[dict[Literal["shared", "performance"], PerCpuSecond], Field(min_length=2)]
    memory: PerGbSecond
    markup: Markup
    rootfs: PerGbMonth
    volume: PerGbMonth
    snapshots: PerGbMonth
    ipv4: PerMonth
    egress_address: PerMonth
    certificate: PerMonth
    wildcard_certificate: PerMonth
    areas: Annotated[dict[Area, Annotated[tuple[Region, ...], Distinct()]], Field(min_length=3)]
    """Regions that pay the same for what they send."""
    egress: Annotated[dict[Area, PerGb], Field(min_length=3)]
    between_regions: Annotated[dict[Area, PerGb], Field(min_length=3)]
    postgres: dict[Literal["basic", "starter", "launch", "scale", "performance"], PerMonth]
    postgres_storage: PerGbMonth
    support: dict[Literal["standard", "premium"], PerMonth]


class DigitalOcean(Section):
    """What DigitalOcean charges."""

    instances: dict[Size, PerMonth]
    app_egress: PerGb
    postgres: dict[ClusterSize, PerMonth]
    """By the size of a node."""
    valkey: dict[ClusterSize, PerMonth]
    """By the size of a node."""
    storage: PerGbMonth
    development_database: PerMonth
    uptime_check: PerMonth


class Cloudflare(Section):
    """What Cloudflare charges."""

    plans: Annotated[dict[PlanName, PerMonth], Field(min_length=4)]
    """By zone, paid month by month."""
    plans_paid_yearly: dict[PlanName, PerMonth]
    argo: PerMonth
    argo_traffic: PerGb
    workers_free: PerMonth
    workers_paid: PerMonth
    workers_requests: PerMillionRequests
    workers_cpu: PerMillionMs
    r2_storage: PerGbMonth


class Book(Settings):
    """All of it."""

    fly: Fly
    digitalocean: DigitalOcean
    cloudflare: Cloudflare

    @property
    def sections(self) -> dict[str, Section]:
        """The prices by the cloud's name for people."""
        return {"Fly.io": self.fly, "DigitalOcean": self.digitalocean, "Cloudflare": self.cloudflare}
