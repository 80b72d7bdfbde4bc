"""An app on DigitalOcean App Platform."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from inventory.item import Item
from inventory.unknown import Unknown


@dataclass(frozen=True, kw_only=True)
class PlatformCheck:
    """A health or liveness check. Times in seconds."""

    path: str | Unknown
    timeout_seconds: int | Unknown
    successes: int | Unknown
    failures: int | Unknown


@dataclass(frozen=True, kw_only=True)
class PlatformAlert:
    """An alert of the app."""

    rule: str | Unknown
    """Such as `CPU_UTILIZATION` or `DEPLOYMENT_FAILED`."""
    value: float | Unknown | None = None
    told: bool | Unknown = False
    """Whether somebody is told."""


@dataclass(frozen=True, kw_only=True)
class PlatformCors:
    """Which origins may call the paths below a prefix."""

    prefix: str | Unknown
    origins: tuple[str | Unknown, ...] | Unknown
    """`exact:…`, `prefix:…` or `regex:…`."""


@dataclass(frozen=True, kw_only=True)
class AppPlatformApp(Item):
    """An app on App Platform with its one service."""

    app: str | Unknown
    """The name that App Platform knows it by."""
    region: str | Unknown
    size: str | Unknown
    """The instance size, such as `apps-s-1vcpu-1gb`."""
    minimum: int | Unknown
    """The fewest instances; the same as `maximum` unless it scales by itself."""
    maximum: int | Unknown
    cpu_percent: int | Unknown | None = None
    """The CPU use that autoscaling aims at."""
    port: int | Unknown | None = None
    repository: str | Unknown | None = None
    branch: str | Unknown | None = None
    deploys_on_push: bool | Unknown = False
    build_command: str | Unknown | None = None
    image: str | Unknown | None = None
    """The tag or digest of a ready image, where it is not built from a repository."""
    health: PlatformCheck | Unknown | None = None
    liveness: PlatformCheck | Unknown | None = None
    grace_seconds: int | Unknown | None = None
    variables: Mapping[str, str | Unknown] | Unknown = field(default_factory=dict)
    """Plain variables."""
    secrets: Mapping[str, str | Unknown] | Unknown = field(default_factory=dict)
    """When each secret is visible: `RUN_TIME`, `BUILD_TIME` or `RUN_AND_BUILD_TIME`, by name."""
    alerts: tuple[PlatformAlert, ...] | Unknown = ()
    cors: tuple[PlatformCors, ...] | Unknown = ()
    domains: tuple[str | Unknown, ...] | Unknown = ()
    """The domains that App Platform serves itself."""
    shielded: bool | Unknown = False
    """Whether its ingress wants a secret header, which only Cloudflare's Worker knows."""
    networked: bool | Unknown = False
    """Whether it is in a private network."""
