"""A system: one app with everything around it, on one platform."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Final, Literal

from pydantic import Field

from settings.answer import Answer
from settings.app import AwsSecret, FlyApp
from settings.app_platform import AppPlatformApp
from settings.autoscaler import API_SECRET, METRICS_SECRET, Autoscaler
from settings.backup import Backup
from settings.constraint import Text
from settings.database import SOURCE_SECRET, Database, ManagedDatabase
from settings.edge import Edge
from settings.edge_worker_cache import broken_in_worker, broken_without_worker
from settings.load_test import LoadTest, broken_load_test
from settings.model import HttpPath, Settings, line
from settings.monitoring import Monitoring
from settings.pgbouncer import ADMIN_SECRET, ConnectionPool, PgBouncer
from settings.pool_chain import broken_clients, broken_pool, broken_without_pool
from settings.problem import Broken, Path
from settings.redis import PASSWORD_SECRET, Redis, Valkey

SystemName = Annotated[
    str,
    Text(
        "the name of a system: 2 to 32 lower-case letters, digits and hyphens, a letter first and no hyphen last",
        "[a-z][a-z0-9-]{0,30}[a-z0-9]",
        "tetrix",
        32,
    ),
]
"""The name of a file in `systems/`, without `.yaml`."""


ORIGIN_SECRET: Final = "EDGE_ORIGIN_SECRET"  # noqa: S105  the secret's name, not its value
"""Behind Cloudflare's proxy an App Platform app accepts only requests that carry this value in a header."""


REDIS_VARIABLES: Final = ("REDIS_HOST", "REDIS_PORT", "REDIS_URL")
"""What an app with Redis is given: host and port plainly, the URL as a secret."""

DATABASE_VARIABLES: Final = ("DATABASE_URL", "DIRECT_URL")
"""What an app with a database is given, both as secrets: the way through the pool, and the way past it."""


@dataclass(frozen=True)
class VolumeOf:
    """The volumes of one app, and where the settings say so."""

    region: str
    size_gb: int
    count: int
    size_path: Path
    region_path: Path
    count_path: Path


class AnySystem(Settings):
    """What systems have on every platform."""

    description: Annotated[str, line("A site in two replicas in Frankfurt")]
    """One sentence: what it is."""
    edge: Edge | None = None
    """Domains and DNS. Without it the app is reached under its default host name only."""
    database: Annotated[Database, Field(examples=[{"on": "external"}])] | None = None
    """PostgreSQL. The app gets its URL as DATABASE_URL, and past the pool, for migrations, as DIRECT_URL."""
    monitoring: Monitoring | None = None
    """Probes, limits and alerts."""
    answers: Annotated[dict[HttpPath, Answer], Field(max_length=20)] = Field(default_factory=dict)
    """What pages with JSON must say, by path. `verify` asks them."""
    load_test: LoadTest | None = None
    """What a load test does. It must reach `monitoring.thresholds.load`."""
    backup: Backup = Backup()
    """What `backup` keeps, and where."""

    @property
    def needed_secrets(self) -> dict[str, Path]:
        """Every secret that must have a value before the system can be deployed, with the setting that asks for it."""
        slack = self.monitoring.notify.slack if self.monitoring else None
        needed: dict[str, Path] = {}
        if slack:
            needed[slack.webhook_secret] = ("monitoring", "notify", "slack", "webhook_secret")
        for name, place in (self.monitoring.watch.secrets if self.monitoring else {}).items():
            needed[name] = ("monitoring", "watch", *place)
        if self.database and self.database.on == "external":
            needed[SOURCE_SECRET] = ("database", "on")
        if self.edge:
            needed |= {name: ("edge", *place) for name, place in self.edge.secrets.items()}
        return needed

    @property
    def secret_names(self) -> frozenset[str]:
        """The names of the needed secrets."""
        return frozenset(self.needed_secrets)

    @property
    def aws_secrets(self) -> dict[str, AwsSecret]:
        """The secrets whose values lie in AWS Secrets Manager, and where."""
        return {}

    @property
    def host_names(self) -> tuple[str, ...]:
        """The domains that visitors use, the primary one first."""
        domains = self.edge.domains if self.edge else ()
        return tuple(domain.name for domain in sorted(domains, key=lambda domain: domain.role != "primary"))

    def _clashes(self, variables: Mapping[str, str], secrets: Collection[str], *, redis: bool) -> Iterator[Broken]:
        """Variables of the app that have the name of a secret which is not the app's own, or of what it is given."""
        given = {name: "redis" for name in REDIS_VARIABLES if redis}
        given |= {name: "database" for name in DATABASE_VARIABLES if self.database}
        for name, part in given.items():
            for group, names in (("variables", variables), ("secrets", secrets)):
                if name in names:
                    yield Broken(
                        ("app", group, name), f"{name} is given to the app by {part}", "remove it here", ((part,),)
                    )
        for name, place in self.needed_secrets.items():
            if name in variables and name not in secrets:
                yield Broken(
                    ("app", "variables", name),
                    f"{name} is a plain variable of the app and a secret of the system",
                    "rename the variable",
                    compared=(place,),
                )


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


System = Annotated[DigitalOceanSystem | FlySystem, Field(discriminator="platform")]
