"""A managed PostgreSQL cluster on DigitalOcean."""

from __future__ import annotations

import pulumi

from components import sdk
from planning.database import cluster, pool_name, tuning
from settings.database import ManagedDatabase
from settings.pgbouncer import ConnectionPool
from settings.postgres_url import PostgresUrl


class Database(pulumi.ComponentResource):
    """A PostgreSQL cluster with one database, its tuning, and a connection pool where one is asked for.

    Type token `slipway:index:Database`. Owns `digitalocean.DatabaseCluster`, `DatabaseDb`, `DatabasePostgresqlConfig`
    and `DatabaseConnectionPool`. Who may connect belongs to Firewall. Cluster and database are protected; DigitalOcean
    keeps daily backups for seven days (its docs, 2026-08). Costs the size times the nodes.

    Everybody connects as the cluster's own user: from PostgreSQL 15 on nobody else may create tables in a database.
    """

    cluster_id: pulumi.Output[str]
    """The cluster's id."""
    network: pulumi.Output[str]
    """The id of the private network that it is in."""
    direct: pulumi.Output[PostgresUrl]
    """The way to the database itself; secret."""
    pooled: pulumi.Output[PostgresUrl]
    """The way through the pool, or `direct` where there is none; secret."""

    def __init__(
        self,
        name: str,
        settings: ManagedDatabase,
        *,
        cluster_name: str,
        pool: ConnectionPool | None,
        private: bool,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """`private`: its users are in its private network."""
        super().__init__("slipway:index:Database", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        held = pulumi.ResourceOptions(parent=self, protect=True)
        made = sdk.load("pulumi_digitalocean.database_cluster").DatabaseCluster(
            f"{name}-cluster", **cluster(settings, cluster_name), opts=held
        )
        database = sdk.load("pulumi_digitalocean.database_db").DatabaseDb(
            f"{name}-db", cluster_id=made.id, name=settings.name, opts=held
        )
        sdk.load("pulumi_digitalocean.database_postgresql_config").DatabasePostgresqlConfig(
            f"{name}-tuning", cluster_id=made.id, **tuning(settings, pool), opts=child
        )
        self.cluster_id = made.id
        self.network = made.private_network_uuid
        self.direct = _url(made, database.name, made, private=private)
        self.pooled = self.direct
        if pool:
            through = sdk.load("pulumi_digitalocean.database_connection_pool").DatabaseConnectionPool(
                f"{name}-pool",
                cluster_id=made.id,
                name=pool_name(settings),
                db_name=database.name,
                user=made.user,
                mode=pool.mode,
                size=pool.pool,
                opts=child,
            )
            self.pooled = _url(through, through.name, made, private=private)
        self.register_outputs({"clusterId": self.cluster_id, "host": made.host, "port": made.port})


def _url(
    entrance: pulumi.CustomResource, name: pulumi.Output[str], made: pulumi.CustomResource, *, private: bool
) -> pulumi.Output[PostgresUrl]:
    """`entrance` is what has the host and port, `made` the cluster, which has the user."""
    host = pulumi.get(entrance, "private_host" if private else "host")
    parts = pulumi.Output.all(host, pulumi.get(entrance, "port"), name, pulumi.get(made, "user"), _password(made))
    return pulumi.Output.secret(
        parts.apply(lambda found: PostgresUrl(found[0], found[2], found[3], found[4], int(found[1])))
    )


def _password(made: pulumi.CustomResource) -> pulumi.Output[str]:
    found: pulumi.Output[str] = pulumi.get(made, "password")
    return found
