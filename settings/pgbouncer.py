"""PgBouncer: many connections of the app share few of the database. On Fly.io an app of its own, on DigitalOcean a pool
of the managed cluster.

Sources: the PgBouncer documentation (`pgbouncer.org/config.html`) and DigitalOcean's API description
(`connection_pool`), read 2026-08.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Final, Literal

from pydantic import ConfigDict, Field

from settings.app import AppName, Image
from settings.machines import Memory, Size, memory_outside
from settings.model import Settings
from settings.problem import Broken

ADMIN_SECRET: Final = "PGBOUNCER_ADMIN_PASSWORD"  # noqa: S105  the secret's name, not its value
"""The stack's secret with the password of the user who may ask PgBouncer for its state."""

MIGRATION_CONNECTIONS: Final = 2
"""Connections of the database that stay free for migrations, which go past the pool."""


class Pool(Settings):
    """What pools have on every platform."""

    pool: Annotated[int, Field(ge=1, le=10_000)] = 20
    """How many connections to the database there are at the most, for each PgBouncer."""
    minimum: Annotated[int, Field(ge=0, le=10_000)] = 5
    """How many of them are kept when there is nothing to do."""
    mode: Literal["transaction", "session"] = "transaction"
    """`transaction`: a client has a connection for the length of a transaction, so nothing of a session lasts: no
    LISTEN, no advisory locks, no prepared statements by name. `session`: for as long as it is connected."""
    app_pool: Annotated[int, Field(ge=1, le=1000)] = 10
    """How many connections each machine or replica of the app opens; the app gets it in its URL (connection_limit)."""

    def broken(self) -> Iterator[Broken]:
        if self.minimum > self.pool:
            yield Broken(
                ("minimum",),
                f"{self.minimum} is more than the pool of {self.pool}",
                f"set it to {self.pool} or less, or pool to {self.minimum}",
                compared=(("pool",),),
            )


class PgBouncer(Pool):
    """PgBouncer on Fly.io: machines on the private network, reached under one name. It costs its machines."""

    name: AppName | None = Field(None, examples=["my-app-pgbouncer"])
    """The name of its app; the system's app's with `-pgbouncer` when left out."""
    image: Image = "docker.io/edoburu/pgbouncer:v1.23.1-p2"
    """The image, with a version tag or a digest."""
    size: Size = "shared-cpu-1x"
    """The machine size."""
    memory_mb: Memory = 256
    """Memory of each machine."""
    machines: Annotated[int, Field(ge=1, le=10)] = 1
    """How many machines there are; each has a pool of its own. With one, a deployment cuts all connections for some
    seconds."""
    clients: Annotated[int, Field(ge=1, le=100_000)] = 100
    """How many connections of the app each machine takes."""

    def broken(self) -> Iterator[Broken]:
        yield from super().broken()
        yield from memory_outside(self.size, self.memory_mb)
        if self.pool > self.clients:
            yield Broken(
                ("pool",),
                f"{self.pool} connections to the database are more than the {self.clients} clients that can use them",
                f"set it to {self.clients} or less, or clients to {self.pool}",
                compared=(("clients",),),
            )


class ConnectionPool(Pool):
    """A pool of the managed cluster on DigitalOcean. It costs nothing by itself."""

    model_config = ConfigDict(
        json_schema_extra={
            "x-instead": {
                "clients": "DigitalOcean's pools have no such limit: remove it",
                "machines": "DigitalOcean runs the pool with the cluster: remove it",
            }
        }
    )
