"""An app of machines on Fly.io, and how it runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from inventory.item import Item
from inventory.unknown import UNKNOWN, Unknown, UnknownValueError, known

Role = Literal["app", "redis", "pgbouncer", "autoscaler"]


@dataclass(frozen=True, kw_only=True)
class FlyCheck:
    """A health check. Times in seconds."""

    name: str
    kind: str
    """`http` or `tcp`."""
    steers: Literal["traffic", "deploys"]
    """`traffic`: the proxy sends nothing to a machine that fails it; `deploys`: only releases wait for it."""
    port: int | Unknown | None = None
    """None: the port of the service that it belongs to."""
    path: str | Unknown | None = None
    interval_seconds: float | Unknown
    timeout_seconds: float | Unknown
    grace_seconds: float | Unknown


@dataclass(frozen=True, kw_only=True)
class FlyService:
    """What the proxy forwards to the machines."""

    protocol: str
    """`http`, `tcp` or `udp`."""
    internal_port: int | Unknown
    ports: tuple[int | Unknown, ...] | Unknown
    force_https: bool | Unknown
    """Whether plain HTTP is redirected."""
    plain_http: bool | Unknown
    """Whether it answers HTTP at all."""
    auto_stop: str | Unknown
    """`off`, `stop` or `suspend`."""
    auto_start: bool | Unknown
    minimum: int | Unknown
    """How many machines keep running when there is nothing to do; counts only with auto_stop."""
    counts: str | Unknown
    """What its concurrency counts: `requests` or `connections`."""
    soft_limit: int | Unknown | None
    hard_limit: int | Unknown | None
    headers: Mapping[str, str | bool | Unknown] | Unknown = field(default_factory=dict)
    """Response headers that the proxy sets; False removes one."""


@dataclass(frozen=True, kw_only=True)
class Mount:
    """How a machine mounts its volume. Sizes in GB."""

    volume: str | Unknown
    path: str | Unknown
    scheduled_snapshots: bool | Unknown = True
    snapshot_days: int | Unknown | None = None
    extends_to_gb: int | Unknown | None = None


@dataclass(frozen=True, kw_only=True)
class Metrics:
    """Where Fly.io's Prometheus finds metrics."""

    port: int | Unknown
    path: str | Unknown


@dataclass(frozen=True, kw_only=True)
class FlyApp(Item):
    """An app of machines on Fly.io with the release that runs in it."""

    role: Role
    """What it is in its system: the app itself, or a service beside it."""
    app: str | Unknown
    """The name that Fly.io knows it by."""
    organization: str | Unknown
    region: str | Unknown
    """The primary region."""
    counts: Mapping[str, int | Unknown] | Unknown
    """How many machines exist, by region."""
    size: str | Unknown
    """The machine size, such as `shared-cpu-2x`."""
    memory_mb: int | Unknown
    swap_mb: int | Unknown | None = None
    image: str | Unknown | None = None
    """The image to run; None where it is built from a folder."""
    strategy: str | Unknown
    """How a release replaces another: rolling, canary, bluegreen or immediate."""
    max_unavailable: float | Unknown | None = None
    wait_seconds: float | Unknown | None = None
    """How long a release may take to become healthy."""
    kill_signal: str | Unknown | None = None
    kill_seconds: float | Unknown | None = None
    services: tuple[FlyService, ...] | Unknown = ()
    checks: tuple[FlyCheck, ...] | Unknown = ()
    mounts: tuple[Mount, ...] | Unknown = ()
    metrics: tuple[Metrics, ...] | Unknown = ()
    variables: Mapping[str, str | Unknown] | Unknown = field(default_factory=dict)
    secrets: frozenset[str] | Unknown = frozenset()
    """The names of its secrets."""
    files: Mapping[str, str | Unknown | None] | Unknown = field(default_factory=dict)
    """What is written into its machines, by path; None where a secret holds it."""
    gate_path: str | Unknown | None = None
    gate_successes: int | Unknown = 3
    """How many answers in a row a release must give from outside before it stands; 0: nobody asks."""
    single_instance: bool | Unknown = False

    @property
    def machines(self) -> int | Unknown:
        """How many machines exist."""
        try:
            return sum(known(number) for number in known(self.counts).values())
        except UnknownValueError:
            return UNKNOWN

    @property
    def http(self) -> FlyService | None:
        """The service that speaks HTTP. Raises UnknownValueError."""
        return next((service for service in known(self.services) if service.protocol == "http"), None)

    @property
    def awake(self) -> int | Unknown:
        """How many machines run when there is nothing to do, as far as Fly.io's proxy decides that."""
        try:
            machines, services = known(self.machines), known(self.services)
            if not services or any(known(service.auto_stop) == "off" for service in services):
                return machines
            return min(machines, max(known(service.minimum) for service in services))
        except UnknownValueError:
            return UNKNOWN

    def variable(self, name: str) -> str | None:
        """The value of a plain variable, None where it is not set. Raises UnknownValueError."""
        value = known(self.variables).get(name)
        return None if value is None else known(value)
