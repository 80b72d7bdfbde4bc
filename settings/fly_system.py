"""A system on Fly.io."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from settings.any_system import AnySystem
from settings.app import AwsSecret, FlyApp
from settings.autoscaler import API_SECRET, METRICS_SECRET, Autoscaler
from settings.database import ManagedDatabase
from settings.edge_worker_cache import broken_without_worker
from settings.load_test import broken_load_test
from settings.pgbouncer import ADMIN_SECRET, PgBouncer
from settings.pool_chain import broken_clients, broken_pool, broken_without_pool
from settings.problem import Broken, Path
from settings.redis import PASSWORD_SECRET, Redis
from settings.volume_of import VolumeOf


class FlySystem(AnySystem):
    """A system on Fly.io."""

    platform: Literal["fly"]
    """Where the app runs."""
    app: FlyApp
    """The app."""
    redis: Annotated[Redis, Field(examples=[{"memory_mb": 1024, "maxmemory_mb": 768, "volume_gb": 10}])] | None = None
    """Redis. The app gets REDIS_URL, REDIS_HOST and REDIS_PORT."""
    pgbouncer: PgBouncer | None = None
    """PgBouncer before the database."""
    autoscaler: Annotated[Autoscaler, Field(examples=[{"cpu_percent": 70}])] | None = None
    """Start and stop machines by CPU and memory use instead of requests."""

    @property
    def health_path(self) -> str:
        """What tells from outside whether the app is well."""
        return self.app.deploy.gate_path

    @property
    def needed_secrets(self) -> dict[str, Path]:
        """Those of the alerts and of the app, but for the ones that AWS Secrets Manager holds."""
        own: dict[str, Path] = {
            name: ("app", "secrets", name) for name, secret in self.app.secrets.items() if secret.aws is None
        }
        parts: dict[str, Path] = {}
        if self.redis:
            parts[PASSWORD_SECRET] = ("redis",)
        if self.pgbouncer:
            parts[ADMIN_SECRET] = ("pgbouncer",)
        if self.autoscaler:
            parts |= {API_SECRET: ("autoscaler",), METRICS_SECRET: ("autoscaler",)}
        return super().needed_secrets | parts | own

    @property
    def aws_secrets(self) -> dict[str, AwsSecret]:
        """The secrets whose values lie in AWS Secrets Manager, and where."""
        return {name: secret.aws for name, secret in self.app.secrets.items() if secret.aws is not None}

    def broken(self) -> Iterator[Broken]:
        if self.edge:
            yield from broken_without_worker(self.edge)
        yield from self._clashes(self.app.variables, self.app.secrets, redis=self.redis is not None)
        yield from broken_load_test(self.load_test, self.monitoring)
        yield from self._who_scales()
        yield from self._memory_alert()
        if isinstance(self.database, ManagedDatabase) and not self.database.allow:
            yield Broken(
                ("database", "allow"),
                "the cluster's firewall lets nobody in: an app on Fly.io is outside of DigitalOcean",
                "name the static egress addresses of its machines (fly machine egress-ip allocate)",
            )
        if self.pgbouncer:
            yield from broken_clients(self.app, self.pgbouncer)
        if self.pgbouncer and not self.database:
            yield Broken(("pgbouncer",), "there is no database behind it", "set database")
        elif self.pgbouncer and self.database:
            yield from broken_pool(self.pgbouncer, self.database)
        elif self.database:
            yield from broken_without_pool(self.app.machines.maximum, self.database)

    @property
    def volumes(self) -> dict[str, VolumeOf]:
        """The volumes of the app and of those beside it, by part."""
        found: dict[str, VolumeOf] = {}
        if self.app.volume:
            volume = self.app.volume
            region = ("app", "volume", "region") if volume.region else ("app", "region")
            count = ("app", "volume", "count") if volume.count else ("app", "machines", "maximum")
            size = ("app", "volume", "size_gb")
            found["app"] = VolumeOf(
                volume.region or self.app.region,
                volume.size_gb,
                volume.count or self.app.machines.maximum,
                size_path=size,
                region_path=region,
                count_path=count,
            )
        if self.redis:
            own = ("redis", "volume_gb")
            found["redis"] = VolumeOf(
                self.app.region, self.redis.volume_gb, 1, size_path=own, region_path=("app", "region"), count_path=own
            )
        return found

    @property
    def parts(self) -> dict[str, Redis | PgBouncer | Autoscaler]:
        """The apps beside the app itself, by what they are."""
        parts = {"redis": self.redis, "pgbouncer": self.pgbouncer, "autoscaler": self.autoscaler}
        return {role: part for role, part in parts.items() if part}

    @property
    def part_names(self) -> dict[str, str]:
        """The names of those apps."""
        return {role: part.name or f"{self.app.name}-{role}" for role, part in self.parts.items()}

    @property
    def images(self) -> frozenset[str]:
        """Every image that must exist before the system can be deployed."""
        own = (self.app.image, *(part.image for part in self.parts.values()))
        return frozenset(image for image in own if image)

    def _memory_alert(self) -> Iterator[Broken]:
        """A limit that nothing reaches, or that a full heap alone goes beyond."""
        thresholds = self.monitoring.thresholds if self.monitoring else None
        limit = thresholds.memory_mb if thresholds else None
        memory, heap = self.app.machines.memory_mb, self.app.node_heap_mb
        place = ("monitoring", "thresholds", "memory_mb")
        critical = self.monitoring.memory_critical_percent if self.monitoring else None
        if limit and critical and limit >= memory * critical / 100:
            yield Broken(
                place,
                f"{limit} MB is not less than the {critical} % of {memory} MB that are critical",
                f"set it to less than {memory * critical // 100}",
                compared=(("monitoring", "memory_critical_percent"),),
            )
        if limit and limit >= memory:
            yield Broken(
                place,
                f"{limit} MB is not less than the machine's {memory} MB: nothing would ever raise the alert",
                f"set it to less than {memory}",
                compared=(("app", "machines", "memory_mb"),),
            )
        elif limit and heap and heap > limit:
            yield Broken(
                place,
                f"{limit} MB is less than the {heap} MB that Node's heap may take",
                f"set it to more than {heap}, or node_heap_mb to less than {limit}",
                compared=(("app", "node_heap_mb"),),
            )

    def _who_scales(self) -> Iterator[Broken]:
        """Either Fly.io's proxy starts and stops machines, or the autoscaler does."""
        when_idle = self.app.machines.when_idle
        if self.autoscaler and when_idle != "autoscaler":
            yield Broken(
                ("app", "machines", "when_idle"),
                f"with {when_idle} Fly.io's proxy decides over the machines, and the autoscaler would, too",
                "set it to autoscaler, or remove the autoscaler",
                compared=(("autoscaler",),),
            )
        if when_idle == "autoscaler" and not self.autoscaler:
            yield Broken(
                ("app", "machines", "when_idle"),
                "there is no autoscaler, so no machine would ever start or stop",
                "set it to stop, or add autoscaler",
            )
