"""Redis: on Fly.io an app of its own with its data on a volume, on DigitalOcean a managed Valkey cluster.

Sources: the Redis documentation on persistence (`redis.io/docs/latest/operate/oss_and_stack/management/persistence`),
the fly.io docs `reference/configuration`, DigitalOcean's API description (`databases`), all read 2026-08.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import timedelta
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, ConfigDict, Field

from settings.app import AppName, Image
from settings.constraint import refusal
from settings.database import ClusterName, ClusterRegion, ClusterSize, nodes_too_small
from settings.duration import Between
from settings.machines import Memory, Size, memory_outside
from settings.model import Settings
from settings.problem import Broken, shown
from settings.volume import AutoExtend, Volume

PASSWORD_SECRET: Final = "REDIS_PASSWORD"  # noqa: S105  the secret's name, not its value
"""The stack's secret with the password that clients show to a Redis on Fly.io."""

MAXMEMORY_SHARE: Final = 0.75
"""The share of a machine's memory that data may take."""

OVERHEAD_MB: Final = 64
"""What Redis needs beside its data: its code, the buffers of clients, the page tables of a fork."""

DISK_COPIES: Final = 5
"""How often the data can lie on the volume at once: the append-only file grows to twice its size before it is written
anew beside the old one, and so is the snapshot."""

DISK_MB_PER_SECOND: Final = 20
"""What a small machine surely writes to its volume, for the time that a last snapshot takes."""

LONGEST_STOP: Final = timedelta(seconds=300)
"""How long Fly.io waits at most for a machine to stop (fly.io docs `reference/configuration`, 2026-08)."""

Eviction = Literal["noeviction", "allkeys-lru", "allkeys-random", "volatile-lru", "volatile-random", "volatile-ttl"]


class Snapshot(Settings):
    """When Redis writes its data into a file of its own: after so much time with so many changes."""

    after: Annotated[timedelta, Between("1s", "24h")]
    """The time since the last one."""
    changes: Annotated[int, Field(ge=1, le=1_000_000_000)]
    """The changes since the last one."""


class Redis(Settings):
    """Redis on Fly.io: one machine on the private network, with its data on a volume. It costs its machine and volume,
    and is away for some seconds when it is deployed. What it may evict must not be data that exists nowhere else."""

    name: AppName | None = Field(None, examples=["my-app-redis"])
    """The name of its app; the system's app's with `-redis` when left out."""
    image: Image = "docker.io/library/redis:7.4.1-alpine"
    """The image, with a version tag or a digest."""
    size: Size = "shared-cpu-1x"
    """The machine size."""
    memory_mb: Memory
    """Memory of the machine."""
    maxmemory_mb: Annotated[int, Field(ge=16, le=98304, examples=[384])] | None = None
    """How much of it data may take, 75 % at the most; so much that a fork fits beside it when left out."""
    swap_mb: Annotated[int, Field(ge=1, le=65536, examples=[512])] | None = None
    """Swap space; what a fork needs beyond the memory when every page changes while it writes, when left out."""
    volume_gb: Annotated[int, Field(ge=1, le=500, examples=[10])]
    """The size of its volume. It can be raised later, never lowered."""
    snapshot_days: Annotated[int, Field(ge=1, le=60)] = 7
    """For how many days Fly.io keeps the volume's daily snapshots."""
    extend: AutoExtend | None = None
    """Let the volume grow by itself."""
    append: Literal["always", "everysec", "off"] = "everysec"
    """The append-only file: when a write is safe on the disk. `everysec` loses at most one second of writes."""
    snapshots: Annotated[tuple[Snapshot, ...], Field(max_length=10)] = (
        Snapshot(after=timedelta(minutes=15), changes=1),
        Snapshot(after=timedelta(minutes=5), changes=10),
        Snapshot(after=timedelta(minutes=1), changes=10_000),
    )
    """When all data is written to a snapshot file of Redis's own."""
    eviction: Eviction = "allkeys-lru"
    """What goes when the memory is full."""

    @property
    def limit_mb(self) -> int:
        """How much data may take: as asked for, or half of what the machine has beside the overhead."""
        return self.maxmemory_mb or (self.memory_mb - OVERHEAD_MB) // 2

    @property
    def missing_mb(self) -> int:
        """How much a fork can need beyond the machine's memory, 0 when it fits."""
        return max(0, 2 * self.limit_mb + OVERHEAD_MB - self.memory_mb)

    @property
    def swap(self) -> int | None:
        """The swap space, in MB."""
        return self.swap_mb or self.missing_mb or None

    @property
    def stop(self) -> timedelta:
        """How long stopping may take, with the snapshot that Redis writes when it is asked to."""
        return timedelta(seconds=max(60, 20 + math.ceil(self.limit_mb / DISK_MB_PER_SECOND)))

    @property
    def volume(self) -> Volume:
        """Its volume."""
        return Volume(
            name="redis_data",
            path="/data",
            size_gb=self.volume_gb,
            snapshot_days=self.snapshot_days,
            extend=self.extend,
        )

    def broken(self) -> Iterator[Broken]:
        yield from memory_outside(self.size, self.memory_mb)
        most = int(self.memory_mb * MAXMEMORY_SHARE)
        if self.limit_mb > most:
            yield Broken(
                ("maxmemory_mb",),
                f"{self.limit_mb} MB is more than 75 % of the machine's {self.memory_mb} MB",
                f"set it to {most} or less, or memory_mb to {_stepped(self.limit_mb / MAXMEMORY_SHARE)}",
                compared=(("memory_mb",),),
            )
        elif self.swap_mb and self.swap_mb < self.missing_mb:
            yield Broken(
                ("swap_mb",),
                f"a fork of {self.limit_mb} MB of data can need {self.missing_mb} MB beyond the machine's "
                f"{self.memory_mb} MB",
                f"set it to {self.missing_mb} or more, or leave it out",
                compared=(("maxmemory_mb",), ("memory_mb",)),
            )
        needed = math.ceil(DISK_COPIES * self.limit_mb / 1000)
        if self.volume_gb < needed:
            yield Broken(
                ("volume_gb",),
                f"{self.volume_gb} GB do not hold {self.limit_mb} MB of data {DISK_COPIES} times, which writing the "
                "files anew can take",
                f"set it to {needed} or more",
                compared=(("maxmemory_mb",), ("memory_mb",)),
            )
        if self.stop > LONGEST_STOP:
            most = int((LONGEST_STOP.total_seconds() - 20) * DISK_MB_PER_SECOND)
            yield Broken(
                ("maxmemory_mb",),
                f"{self.limit_mb} MB of data may not be on the disk within the 300s that Fly.io waits for a stop",
                f"set it to {most} or less",
                compared=(("memory_mb",),),
            )
        if self.extend:
            yield from self.extend.below(self.volume_gb, "volume_gb")
        if self.append == "off" and not self.snapshots:
            yield Broken(
                ("append",),
                "nothing is written to the volume: there are no snapshots either",
                "set append: everysec, or name snapshots",
                compared=(("snapshots",),),
            )


def _stepped(memory: float) -> int:
    return math.ceil(memory / 256) * 256


def _valkey(value: str) -> str:
    if value == "valkey":
        return value
    if value == "redis":
        raise refusal("DigitalOcean discontinued Redis on 2025-06-30", "set engine: valkey, which speaks its protocol")
    raise refusal(f"{shown(value)} is no engine for this on DigitalOcean", "set engine: valkey")


def _without_append(value: str) -> str:
    if value in ("off", "rdb"):
        return value
    if value == "aof":
        raise refusal(
            "Valkey on DigitalOcean has no append-only file",
            "set persistence: rdb, a snapshot about every 10 minutes, or run the system with platform: fly",
        )
    raise refusal(f"{shown(value)} is not one of off, rdb", "use one of them")


class Valkey(Settings):
    """Valkey on DigitalOcean, which speaks the protocol of Redis: a managed cluster, open to the app only. It costs
    what its size costs times its nodes."""

    model_config = ConfigDict(
        json_schema_extra={
            "x-instead": {
                "append": "Valkey on DigitalOcean has no append-only file: set persistence: rdb",
                "maxmemory_mb": "DigitalOcean sets it from the cluster's size: choose size",
                "memory_mb": "choose size, such as db-s-1vcpu-1gb",
                "snapshots": "DigitalOcean chooses the times, about every 10 minutes: set persistence: rdb",
                "volume_gb": "the disk belongs to the cluster's size: choose size",
            }
        }
    )

    engine: Annotated[str, AfterValidator(_valkey), Field(json_schema_extra={"enum": ["valkey"]})] = "valkey"
    """The engine."""
    version: Literal["8"] = "8"
    """The engine's version."""
    name: ClusterName | None = Field(None, examples=["my-app-valkey"])
    """The cluster's name; the app's with `-valkey` when left out."""
    region: ClusterRegion
    """The data centre; it must be in the app's region."""
    size: ClusterSize
    """The size of each node."""
    nodes: Annotated[int, Field(ge=1, le=2)] = 1
    """How many nodes there are. A second one takes over when the first fails."""
    persistence: Annotated[str, AfterValidator(_without_append), Field(json_schema_extra={"enum": ["off", "rdb"]})] = (
        "rdb"
    )
    """`rdb`: a snapshot about every 10 minutes. `off`: what is in memory is lost with the node."""
    eviction: Eviction = "allkeys-lru"
    """What goes when the memory is full."""

    def broken(self) -> Iterator[Broken]:
        yield from nodes_too_small(self.size, self.nodes)
