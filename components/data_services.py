"""The data services of a system, on whichever platform it runs, and what they give to its app."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
from pydantic import SecretStr

from components.database import Database
from components.given import Given
from components.pgbouncer import PgBouncer
from components.redis import Redis
from components.valkey import Valkey
from planning.database import cluster_name
from planning.pgbouncer import direct_url, pgbouncer_app_name, pooled_url_of_cluster
from planning.redis import redis_app_name, valkey_name
from settings.database import SOURCE_SECRET, ManagedDatabase
from settings.digitalocean_system import DigitalOceanSystem
from settings.fly_system import FlySystem
from settings.pgbouncer import ADMIN_SECRET, ConnectionPool
from settings.postgres_url import PostgresUrl, parse
from settings.redis import PASSWORD_SECRET

Secrets = Mapping[str, SecretStr]


@dataclass(frozen=True)
class DataServices:
    """What the app is given, and the clusters that need a firewall, by role."""

    given: Given
    clusters: Mapping[str, pulumi.Output[str]]


def beside_fly_app(
    name: str, system: FlySystem, *, environment: str, secrets: Secrets, opts: pulumi.ResourceOptions
) -> DataServices:
    """Redis and PgBouncer as apps beside the system's; a database at DigitalOcean or elsewhere."""
    given, clusters = Given(), {}
    if system.redis:
        redis = Redis(
            f"{name}-redis",
            system.redis,
            app_name=redis_app_name(system, environment),
            app=system.app,
            password=secrets[PASSWORD_SECRET],
            opts=opts,
        )
        given |= redis.given
    if isinstance(system.database, ManagedDatabase):
        database = _cluster(name, system.app.name, system.database, environment, pool=None, private=False, opts=opts)
        clusters["database"], source = database.cluster_id, database.direct
    elif system.database:
        source = pulumi.Output.secret(secrets[SOURCE_SECRET].get_secret_value()).apply(parse)
    if system.database:
        given |= Given(secrets=_direct(source))
    if system.database and system.pgbouncer:
        pgbouncer = PgBouncer(
            f"{name}-pgbouncer",
            system.pgbouncer,
            app_name=pgbouncer_app_name(system, environment),
            app=system.app,
            database=source,
            admin_password=secrets[ADMIN_SECRET],
            opts=opts,
        )
        given |= pgbouncer.given
    return DataServices(given, clusters)


def beside_app_platform(
    name: str, system: DigitalOceanSystem, *, environment: str, secrets: Secrets, opts: pulumi.ResourceOptions
) -> DataServices:
    """Managed clusters in the private network of the app; or a database elsewhere."""
    given, clusters = Given(), {}
    if system.redis:
        valkey = Valkey(
            f"{name}-redis",
            system.redis,
            cluster_name=valkey_name(system, system.redis, environment),
            opts=opts,
        )
        clusters["redis"], given = valkey.cluster_id, valkey.given
    if isinstance(system.database, ManagedDatabase):
        pool = system.pgbouncer
        database = _cluster(name, system.app.name, system.database, environment, pool=pool, private=True, opts=opts)
        clusters["database"] = database.cluster_id
        urls = _direct(database.direct)
        if pool:
            urls["DATABASE_URL"] = database.pooled.apply(lambda found: pooled_url_of_cluster(found, pool))
        given |= Given(secrets=urls, network=database.network)
    elif system.database:
        given |= Given(secrets=_direct(pulumi.Output.secret(secrets[SOURCE_SECRET].get_secret_value()).apply(parse)))
    return DataServices(given, clusters)


def _cluster(
    name: str,
    app: str,
    settings: ManagedDatabase,
    environment: str,
    *,
    pool: ConnectionPool | None,
    private: bool,
    opts: pulumi.ResourceOptions,
) -> Database:
    return Database(
        f"{name}-database",
        settings,
        cluster_name=cluster_name(app, settings, environment),
        pool=pool,
        private=private,
        opts=opts,
    )


def _direct(source: pulumi.Output[PostgresUrl]) -> dict[str, pulumi.Output[str]]:
    """Both URLs lead to the database itself, until a pool takes one of them over."""
    url = source.apply(direct_url)
    return {"DATABASE_URL": url, "DIRECT_URL": url}
