"""Disks that grow in time."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.cluster import Cluster
from inventory.unknown import UNKNOWN, known
from policies.circumstances import Circumstances
from policies.rule import Rule
from policies.sample import Samples, sample
from policies.samples.digitalocean import postgres, valkey


def broken(cluster: Cluster, stack: Circumstances) -> Iterator[str]:
    if known(cluster.engine) == "pg" and not known(cluster.grows):
        yield "its disk does not grow by itself, and a full one takes no writes"


RULE = Rule(
    name="database-growth",
    about=Cluster,
    title="The disk of a PostgreSQL cluster grows by itself.",
    why="A database whose disk is full turns read-only, and nobody looks at a disk every day.",
    source="DigitalOcean docs, databases/postgresql/how-to/autoscale-storage, read 2026-08",
    remedy="set database.growth",
    production="advisory",
    elsewhere="advisory",
    broken=broken,
    samples=lambda: Samples(
        passes=(
            sample(postgres()),
            sample(valkey()),
        ),
        fails=(sample(postgres(storage_autoscale={"enabled": False})),),
        unknown=(sample(postgres(storage_autoscale={"enabled": UNKNOWN})),),
    ),
)
