"""A second node."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from inventory.cluster import Cluster
from inventory.unknown import UNKNOWN, known
from policies.circumstances import Circumstances
from policies.rule import Rule
from policies.sample import Samples, sample
from policies.samples.digitalocean import postgres, valkey

LEAST: Final = 2


def broken(cluster: Cluster, stack: Circumstances) -> Iterator[str]:
    if known(cluster.engine) == "pg" and (nodes := known(cluster.nodes)) < LEAST:
        yield f"it has {nodes} node and no standby"


RULE = Rule(
    name="database-standby",
    about=Cluster,
    title="A PostgreSQL cluster has a standby node.",
    why="Without a standby every failure and every update of the node is an outage of minutes.",
    source="DigitalOcean docs, databases/postgresql/how-to/add-standby-nodes, read 2026-08",
    remedy="set database.nodes to 2 or more",
    production="mandatory",
    elsewhere="off",
    broken=broken,
    samples=lambda: Samples(
        passes=(
            sample(postgres(node_count=2)),
            sample(valkey()),
        ),
        fails=(sample(postgres(node_count=1)),),
        unknown=(sample(postgres(node_count=UNKNOWN)),),
    ),
)
