"""Updates at a time of one's own."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.cluster import Cluster
from inventory.unknown import UNKNOWN, known
from policies.circumstances import Circumstances
from policies.rule import Rule
from policies.sample import Samples, sample
from policies.samples.digitalocean import postgres, valkey


def broken(cluster: Cluster, stack: Circumstances) -> Iterator[str]:
    if known(cluster.engine) == "pg" and not known(cluster.maintained):
        yield "DigitalOcean updates it whenever it likes"


RULE = Rule(
    name="maintenance-window",
    about=Cluster,
    title="Updates of a PostgreSQL cluster come at a time that is chosen.",
    why="An update switches nodes and drops every connection once. That is better at night than at noon.",
    source="DigitalOcean docs, databases/postgresql/how-to/update, read 2026-08",
    remedy="set database.maintenance",
    production="advisory",
    elsewhere="off",
    broken=broken,
    samples=lambda: Samples(
        passes=(
            sample(postgres()),
            sample(valkey()),
        ),
        fails=(sample(postgres(maintenance_windows=[])),),
        unknown=(sample(postgres(maintenance_windows=UNKNOWN)),),
    ),
)
