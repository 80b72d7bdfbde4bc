"""PostgreSQL: a managed cluster on DigitalOcean, or one that exists elsewhere and is given by a secret URL.

Bounds are those of DigitalOcean's API description (`databases`) and of the Terraform provider, read 2026-08.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from ipaddress import ip_address
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, Field

from settings.constraint import Distinct, Text, refusal
from settings.digitalocean import DATABASE_REGIONS
from settings.model import Settings
from settings.problem import Broken, did_you_mean, shown

SOURCE_SECRET: Final = "DATABASE_SOURCE_URL"  # noqa: S105  the secret's name, not its value
"""The stack's secret with the URL of an external database."""

CONNECTIONS_PER_GB: Final = 25
RESERVED_CONNECTIONS: Final = 3
"""A cluster takes 25 connections a GB of memory and keeps three of them (DigitalOcean docs, PostgreSQL limits,
2026-08)."""

STANDBY_GB: Final = 2
"""The smallest memory of clusters with more than one node (DigitalOcean docs, add standby nodes, 2026-08)."""

_MEMORY: Final = re.compile(r"-(\d+)gb")


def memory_gb(size: str) -> int:
    """The memory of a node of a size such as `db-s-1vcpu-2gb`."""
    found = _MEMORY.search(size)
    return int(found[1]) if found else 0


def nodes_too_small(size: str, nodes: int) -> Iterator[Broken]:
    """The rule of a cluster with `size` and `nodes`."""
    if nodes > 1 and memory_gb(size) < STANDBY_GB:
        yield Broken(
            ("nodes",),
            f"{nodes} nodes need {STANDBY_GB} GB of memory each, {size} has {memory_gb(size)}",
            "set it to 1, or size to db-s-1vcpu-2gb",
            compared=(("size",),),
        )


def _known_region(value: str) -> str:
    if value in DATABASE_REGIONS:
        return value
    inside = [region for region in DATABASE_REGIONS if region.rstrip("0123456789") == value]
    way_out = f"name the data centre: {' or '.join(inside)}" if inside else did_you_mean(value, DATABASE_REGIONS)
    raise refusal(f"{shown(value)} is not a data centre of DigitalOcean's databases", way_out)


def _address(value: str) -> str:
    try:
        return str(ip_address(value))
    except ValueError:
        raise refusal(f"{shown(value)} is not an IP address", "write it as in 203.0.113.7") from None


ClusterRegion = Annotated[
    str, AfterValidator(_known_region), Field(json_schema_extra={"enum": list(DATABASE_REGIONS)}, examples=["fra1"])
]
ClusterSize = Annotated[
    str,
    Text(
        "a size of DigitalOcean's databases",
        r"(db|gd|m|so1_5|c)[a-z0-9_]*(-[a-z0-9]+)*-[0-9]+vcpu-[0-9]+gb[a-z0-9-]*",
        "db-s-1vcpu-1gb",
        64,
    ),
]
ClusterName = Annotated[
    str,
    Text(
        "a name of 3 to 63 lower-case letters, digits and hyphens, a letter first",
        "[a-z][a-z0-9-]{2,62}",
        "my-app-db",
        63,
    ),
]
DatabaseName = Annotated[
    str,
    Text(
        "a name of lower-case letters, digits and underscores, a letter first", "[a-z][a-z0-9_]{1,62}", "paintbox", 63
    ),
]
Address = Annotated[str, AfterValidator(_address), Field(examples=["203.0.113.7"])]


class Maintenance(Settings):
    """When DigitalOcean may update the cluster."""

    day: Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
    """The day of the week."""
    hour: Annotated[str, Text("an hour of the day in UTC", "([01][0-9]|2[0-3]):00", "04:00", 5)]
    """The hour, in UTC."""


class StorageGrowth(Settings):
    """Let DigitalOcean enlarge the cluster's disk before it is full. A disk never shrinks."""

    above_percent: Annotated[int, Field(ge=15, le=95)] = 80
    """How full it has to be."""
    increment_gb: Annotated[int, Field(ge=10, le=500)] = 10
    """By how much it grows each time."""


class ExternalDatabase(Settings):
    """A PostgreSQL that exists already, given by the secret DATABASE_SOURCE_URL. It is never changed."""

    on: Literal["external"]
    """Where it runs."""
    connections: Annotated[int, Field(ge=1, le=100_000)] = 97
    """How many connections it allows: PostgreSQL's own 100 without the three that it keeps for superusers."""


class ManagedDatabase(Settings):
    """A PostgreSQL cluster on DigitalOcean. It costs what its size costs times its nodes. It is protected."""

    on: Literal["digitalocean"]
    """Where it runs."""
    cluster: ClusterName | None = Field(None, examples=["my-app-db"])
    """The cluster's name; the app's with `-db` when left out."""
    name: DatabaseName
    """The name of the database in it. Everybody connects as the cluster's own user."""
    version: Literal["14", "15", "16", "17", "18"] = "17"
    """PostgreSQL's version."""
    region: ClusterRegion
    """The data centre; for an app on App Platform it must be in the app's region."""
    size: ClusterSize
    """The size of each node."""
    nodes: Annotated[int, Field(ge=1, le=3)] = 1
    """How many nodes there are. Those after the first stand by."""
    storage_gb: Annotated[int, Field(ge=10, le=20_000, examples=[30])] | None = None
    """The size of the disk; the size's own when left out."""
    growth: StorageGrowth | None = None
    """Let the disk grow by itself."""
    maintenance: Maintenance | None = None
    """When it may be updated; DigitalOcean chooses when left out."""
    statements: Literal["top", "all", "none"] = "top"
    """What `pg_stat_statements` counts: statements of clients, those inside functions, too, or none."""
    allow: Annotated[tuple[Address, ...], Field(max_length=100), Distinct()] = ()
    """Addresses that may connect beside the app: its machines' static egress addresses when it runs on Fly.io."""

    @property
    def connections(self) -> int:
        """How many connections it allows."""
        return CONNECTIONS_PER_GB * memory_gb(self.size) - RESERVED_CONNECTIONS

    def broken(self) -> Iterator[Broken]:
        yield from nodes_too_small(self.size, self.nodes)


Database = Annotated[ExternalDatabase | ManagedDatabase, Field(discriminator="on")]
