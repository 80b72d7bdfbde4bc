"""Databases that an app names: a production one is a cluster that exists."""

from __future__ import annotations

from collections.abc import Iterator

from sandbox.store import Document, Store


def database_faults(store: Store, spec: Document) -> Iterator[str]:
    """What the platform says against the databases of a spec."""
    for database in spec.get("databases") or []:
        if not database.get("production"):
            continue
        name, wanted = database["name"], database.get("clusterName")
        if not wanted:
            yield f"production database {name} needs clusterName, the name of its cluster"
            continue
        clusters = store.find("digitalocean/databaseCluster", name=wanted)
        if not clusters:
            yield f"database {name}: cluster {wanted!r} was not found"
            continue
        engine = str(clusters[0][1]["engine"]).upper()
        if database.get("engine") != engine:
            yield f"database {name}: engine {database.get('engine')} does not fit, cluster {wanted} is {engine}"
