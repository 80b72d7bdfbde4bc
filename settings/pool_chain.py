"""The chain from the app's machines over PgBouncer to the database: nowhere may more come in than goes on."""

from __future__ import annotations

from collections.abc import Iterator

from settings.app import FlyApp
from settings.database import ExternalDatabase, ManagedDatabase
from settings.pgbouncer import MIGRATION_CONNECTIONS, ConnectionPool, PgBouncer
from settings.problem import Broken

_SIZE = (("database", "size"), ("database", "connections"), ("database", "on"))


def machines_at_once(app: FlyApp) -> int:
    """How many machines run during a deployment, at the most: bluegreen has all of them twice, canary one more."""
    most = app.machines.maximum
    return {"bluegreen": 2 * most, "canary": most + 1}.get(app.deploy.strategy, most)


def broken_clients(app: FlyApp, pgbouncer: PgBouncer) -> Iterator[Broken]:
    """More connections of the app than PgBouncer takes. One of its machines must do when another is away."""
    machines = machines_at_once(app)
    wanted = machines * pgbouncer.app_pool
    if wanted > pgbouncer.clients:
        each = pgbouncer.clients // machines
        less = f", or app_pool to {each}" if each else ""
        yield Broken(
            ("pgbouncer", "clients"),
            f"{machines} machines with {pgbouncer.app_pool} connections each are {wanted}, and PgBouncer takes "
            f"{pgbouncer.clients}",
            f"set it to {wanted} or more{less}",
            compared=(("pgbouncer", "app_pool"), ("app", "machines"), ("app", "deploy", "strategy")),
        )


def broken_pool(pool: PgBouncer | ConnectionPool, database: ExternalDatabase | ManagedDatabase) -> Iterator[Broken]:
    """More connections of the pools than the database allows beside migrations."""
    pools = pool.machines if isinstance(pool, PgBouncer) else 1
    free = database.connections - MIGRATION_CONNECTIONS
    if pools * pool.pool > free:
        times = f"{pools} times {pool.pool} connections" if pools > 1 else f"{pool.pool} connections"
        most = max(0, free // pools)
        larger = "database.connections, if it allows more" if database.on == "external" else "database.size"
        yield Broken(
            ("pgbouncer", "pool"),
            f"{times} are more than the {free} that the database has for it ({database.connections}, less "
            f"{MIGRATION_CONNECTIONS} for migrations)",
            f"set it to {most} or less, or raise {larger}" if most else f"raise {larger}",
            compared=(*_SIZE, ("pgbouncer", "machines")),
        )


def broken_without_pool(machines: int, database: ExternalDatabase | ManagedDatabase) -> Iterator[Broken]:
    """More machines than the database has connections, when each opens at least one directly."""
    if machines > database.connections:
        yield Broken(
            ("database",),
            f"{machines} machines are more than the {database.connections} connections that the database allows",
            "put pgbouncer before it",
            compared=(*_SIZE, ("app",)),
        )
