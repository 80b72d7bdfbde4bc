"""Managed data services on DigitalOcean."""

from __future__ import annotations

from dataclasses import dataclass

from inventory.item import Item
from inventory.unknown import Unknown


@dataclass(frozen=True, kw_only=True)
class ClusterPool(Item):
    """A connection pool of a cluster."""

    pool: str | Unknown
    mode: str | Unknown
    size: int | Unknown
    """How many connections to the database it holds at the most."""


@dataclass(frozen=True, kw_only=True)
class Cluster(Item):
    """A managed cluster: PostgreSQL or Valkey, with its databases, pools, tuning and firewall."""

    cluster: str | Unknown
    """The name that DigitalOcean knows it by."""
    engine: str | Unknown
    """`pg` or `valkey`."""
    version: str | Unknown
    region: str | Unknown
    size: str | Unknown
    """The size of each node, such as `db-s-1vcpu-2gb`."""
    nodes: int | Unknown
    storage_mib: int | Unknown | None = None
    """The disk, where it is larger than the size's own."""
    grows: bool | Unknown = False
    """Whether its disk grows by itself."""
    maintained: bool | Unknown = False
    """Whether a time for updates is chosen."""
    eviction: str | Unknown | None = None
    persistence: str | Unknown | None = None
    """Of Valkey: `rdb` or `off`."""
    databases: tuple[str | Unknown, ...] = ()
    pools: tuple[ClusterPool, ...] = ()
    firewall: tuple[tuple[str | Unknown, str | Unknown], ...] | Unknown | None = None
    """Who may connect, as (type, value); None: whoever has the password."""
