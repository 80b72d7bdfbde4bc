"""Words for the resources of DigitalOcean."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from report.preview import Properties
from report.values import Mark, Value, at, text
from report.words.words import Words


def _named(properties: Properties) -> str:
    return text(at(properties, "name"))


def _app_facts(properties: Properties) -> Iterator[str]:
    service = at(properties, "spec", "services", 0)
    count, size = at(service, "instanceCount"), at(service, "instanceSizeSlug")
    yield f"{text(count)} of {text(size)} in {text(at(properties, 'spec', 'region'))}"
    domains = at(properties, "spec", "domainNames")
    if isinstance(domains, list) and domains:
        yield ", ".join(text(at(domain, "name")) for domain in domains)


def _cluster_facts(properties: Properties) -> Iterator[str]:
    yield f"{text(at(properties, 'engine'))} {text(at(properties, 'version'))}"
    nodes, size = at(properties, "nodeCount"), at(properties, "size")
    yield f"{text(nodes)} of {text(size)} in {text(at(properties, 'region'))}"


def _pool_facts(properties: Properties) -> Iterator[str]:
    yield f"{text(at(properties, 'size'))} connections, {text(at(properties, 'mode'))}"


def _check_facts(properties: Properties) -> Iterator[str]:
    yield text(at(properties, "target"))


def _alert_facts(properties: Properties) -> Iterator[str]:
    kind, threshold, period = (text(at(properties, key)) for key in ("type", "threshold", "period"))
    yield f"{kind} for {period}" if at(properties, "threshold") is Mark.ABSENT else f"{kind} {threshold}, {period}"


def _value(variable: Value) -> str:
    return text(at(variable, "value"))


def _kind(domain: Value) -> str:
    return text(at(domain, "type"))


_SERVICE: Final = {
    "instanceCount": "instances of {0}",
    "instanceSizeSlug": "size of each instance of {0}",
    "image.tag": "image tag of {0}",
    "image.digest": "image digest of {0}",
    "image.repository": "image of {0}",
    "github.branch": "branch of {0}",
    "github.repo": "repository of {0}",
    "buildCommand": "build command of {0}",
    "runCommand": "run command of {0}",
    "environmentSlug": "buildpack of {0}",
    "httpPort": "port of {0}",
    "healthCheck": "health check of {0}",
    "healthCheck.*": "health check of {0}: {1}",
    "livenessHealthCheck": "liveness check of {0}",
    "livenessHealthCheck.*": "liveness check of {0}: {1}",
    "termination.*": "shutdown of {0}: {1}",
    "envs.*": "environment variable {1}",
    "envs.*.value": "environment variable {1}",
    "envs.*.*": "environment variable {1}: {2}",
    "autoscaling.**": "autoscaling of {0}",
}

DIGITALOCEAN: Final[Mapping[str, Words]] = {
    "digitalocean:index/app:App": Words(
        "App Platform app",
        called=lambda properties: text(at(properties, "spec", "name")),
        facts=_app_facts,
        labels={
            # A fingerprint of the secrets, which App Platform itself does not let anybody compare.
            "spec.envs.SLIPWAY_MARK": "secrets",
            "spec.envs.SLIPWAY_MARK.**": "secrets",
            "spec.region": "region",
            "spec.name": "name",
            "spec.envs.*": "environment variable {0}",
            "spec.envs.*.value": "environment variable {0}",
            "spec.envs.*.*": "environment variable {0}: {1}",
            "spec.domainNames.*": "domain {0}",
            "spec.domainNames.*.*": "domain {0}: {1}",
            **{f"spec.services.*.{pattern}": words for pattern, words in _SERVICE.items()},
            "spec.ingress.rules.*.cors.**": "CORS",
            "spec.ingress.secureHeader.**": "header that proves the edge",
            "spec.ingress.**": "routing",
            "spec.alerts.*": "alert {0}",
            "spec.alerts.**": "alert {0}",
            "spec.databases.*": "attached database {0}",
        },
        shown={"spec.envs.*": _value, "spec.services.*.envs.*": _value, "spec.domainNames.*": _kind},
        hidden=("spec.envs.SLIPWAY_MARK.**",),
    ),
    "digitalocean:index/databaseCluster:DatabaseCluster": Words(
        "database cluster",
        called=_named,
        facts=_cluster_facts,
        labels={
            "size": "size of each node",
            "nodeCount": "nodes",
            "version": "version",
            "region": "region",
            "storageSizeMib": "storage",
            "evictionPolicy": "what is thrown away when memory is full",
            "maintenanceWindows.**": "maintenance window",
        },
        units={"storageSizeMib": "MiB"},
    ),
    "digitalocean:index/databaseDb:DatabaseDb": Words("database", called=_named),
    "digitalocean:index/databaseUser:DatabaseUser": Words("database user", called=_named),
    "digitalocean:index/databaseConnectionPool:DatabaseConnectionPool": Words(
        "connection pool",
        called=_named,
        facts=_pool_facts,
        labels={"size": "connections", "mode": "pooling mode"},
    ),
    "digitalocean:index/databaseFirewall:DatabaseFirewall": Words(
        "database firewall", labels={"rules.**": "who may connect"}
    ),
    "digitalocean:index/databasePostgresqlConfig:DatabasePostgresqlConfig": Words("PostgreSQL configuration"),
    "digitalocean:index/databaseValkeyConfig:DatabaseValkeyConfig": Words(
        "Valkey configuration", labels={"persistence": "persistence"}
    ),
    "digitalocean:index/uptimeCheck:UptimeCheck": Words(
        "uptime check",
        called=_named,
        facts=_check_facts,
        labels={"target": "target", "regions": "asked from", "type": "kind", "enabled": "asks"},
    ),
    "digitalocean:index/uptimeAlert:UptimeAlert": Words(
        "uptime alert",
        called=_named,
        facts=_alert_facts,
        labels={
            "threshold": "threshold",
            "period": "after",
            "comparison": "comparison",
            "notifications.**": "who is told",
        },
    ),
}
