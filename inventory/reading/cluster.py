"""Managed clusters on DigitalOcean, with what belongs to each."""

from __future__ import annotations

from typing import Any

from inventory.cluster import Cluster, ClusterPool
from inventory.reading.family import Family
from inventory.reading.properties import at, entries, flag, number, number_or_none, present, text, text_or_none
from inventory.resource import Resource
from inventory.unknown import Unknown

_SUFFIX = "-cluster"


def clusters(family: Family) -> tuple[Cluster, ...]:
    """The clusters, by name."""
    return tuple(_cluster(family, found) for found in family.of("digitalocean:index/databaseCluster:DatabaseCluster"))


def _cluster(family: Family, resource: Resource) -> Cluster:
    properties = resource.properties
    tuning = next(iter(_parts(family, resource, "DatabaseValkeyConfig")), None)
    firewall = next(iter(_parts(family, resource, "DatabaseFirewall")), None)
    return Cluster(
        name=resource.name,
        system=family.system(resource),
        protected=resource.protect,
        cluster=text(properties, "name"),
        engine=text(properties, "engine"),
        version=text(properties, "version"),
        region=text(properties, "region"),
        size=text(properties, "size"),
        nodes=number(properties, "nodeCount", default=1),
        storage_mib=number_or_none(properties, "storageSizeMib"),
        grows=flag(properties, "storageAutoscale", "enabled"),
        maintained=present(properties, "maintenanceWindows"),
        eviction=text_or_none(properties, "evictionPolicy"),
        persistence=text_or_none(tuning.properties, "persistence") if tuning else None,
        databases=tuple(text(found.properties, "name") for found in _parts(family, resource, "DatabaseDb")),
        pools=tuple(_pool(family, found) for found in _parts(family, resource, "DatabaseConnectionPool")),
        firewall=_rules(firewall.properties) if firewall else None,
    )


def _parts(family: Family, cluster: Resource, kind: str) -> list[Resource]:
    """What belongs to the cluster. Its id is not known at first, so names tell: `x-pool` is of `x-cluster`."""
    stem = cluster.name.removesuffix(_SUFFIX)
    token = f"digitalocean:index/{kind[0].lower()}{kind[1:]}:{kind}"
    return [found for found in family.of(token) if found.name.startswith(f"{stem}-")]


def _pool(family: Family, resource: Resource) -> ClusterPool:
    return ClusterPool(
        name=resource.name,
        system=family.system(resource),
        protected=resource.protect,
        pool=text(resource.properties, "name"),
        mode=text(resource.properties, "mode"),
        size=number(resource.properties, "size"),
    )


def _rules(properties: Any) -> tuple[tuple[str | Unknown, str | Unknown], ...] | Unknown:
    found = entries(properties, "rules")
    if isinstance(found, Unknown):
        return found
    return tuple((text(at(rule, "type")), text(at(rule, "value"))) for rule in found)
