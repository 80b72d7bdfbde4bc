"""A system on DigitalOcean App Platform."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Final, Literal

from pydantic import Field

from settings.any_system import AnySystem
from settings.app_platform import AppPlatformApp
from settings.database import ManagedDatabase
from settings.edge_worker_cache import broken_in_worker
from settings.load_test import broken_load_test
from settings.pgbouncer import ConnectionPool
from settings.pool_chain import broken_pool, broken_without_pool
from settings.problem import Broken, Path
from settings.redis import Valkey

ORIGIN_SECRET: Final = "EDGE_ORIGIN_SECRET"  # noqa: S105  the secret's name, not its value
"""Behind Cloudflare's proxy an App Platform app accepts only requests that carry this value in a header."""


class DigitalOceanSystem(AnySystem):
    """A system on DigitalOcean App Platform."""

    platform: Literal["digitalocean"]
    """Where the app runs."""
    app: AppPlatformApp
    """The app."""
    redis: Annotated[Valkey, Field(examples=[{"region": "fra1", "size": "db-s-1vcpu-1gb"}])] | None = None
    """Valkey, which speaks the protocol of Redis. The app gets REDIS_URL, REDIS_HOST and REDIS_PORT."""
    pgbouncer: ConnectionPool | None = None
    """A pool before the database."""

    @property
    def health_path(self) -> str:
        """What tells from outside whether the app is well."""
        return self.app.health.path

    @property
    def needed_secrets(self) -> dict[str, Path]:
        """Those of the app, of the alerts, and the one that Cloudflare's proxy shows to the app."""
        needed: dict[str, Path] = {name: ("app", "secrets", name) for name in self.app.secrets}
        if self.edge and self.edge.mode == "cloudflare":
            needed[ORIGIN_SECRET] = ("edge", "mode")
        return super().needed_secrets | needed

    def broken(self) -> Iterator[Broken]:
        yield from self._clashes(self.app.variables, self.app.secrets, redis=self.redis is not None)
        yield from broken_load_test(self.load_test, self.monitoring)
        if self.edge:
            yield from broken_in_worker(self.edge)
        for part, cluster in (("redis", self.redis), ("database", self.database)):
            if isinstance(cluster, Valkey | ManagedDatabase):
                yield from self._elsewhere(part, cluster.region)
        if self.pgbouncer and not isinstance(self.database, ManagedDatabase):
            yield Broken(
                ("pgbouncer",),
                "a pool belongs to a cluster on DigitalOcean, and the system has none",
                "set database.on: digitalocean, or remove pgbouncer",
                compared=(("database",),),
            )
        elif self.pgbouncer and self.database:
            yield from broken_pool(self.pgbouncer, self.database)
        elif self.database:
            yield from broken_without_pool(self.app.instances[1], self.database)

    def _elsewhere(self, part: str, region: str) -> Iterator[Broken]:
        """A cluster where the app's private network does not reach."""
        if region.rstrip("0123456789") != self.app.region:
            yield Broken(
                (part, "region"),
                f"{region} is not in the app's region {self.app.region}, so no private network joins them",
                f"choose a data centre in {self.app.region}",
                compared=(("app", "region"),),
            )
