"""What a release shall be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from fly.commands.deploy import SourceBuild
from fly.config import FlyConfig
from fly.toml import render


@dataclass(frozen=True)
class Gate:
    """What must be seen from outside: `successes` answers in a row at `path`, `interval_seconds` apart."""

    path: str
    url: str | None = None
    successes: int = 3
    interval_seconds: float = 1.0
    timeout_seconds: float = 60.0


@dataclass(frozen=True)
class Wish:
    """A release: image (or source), configuration, secrets with their digests, machines per region, and its gate.

    It is complete in itself: what is needed to come back to it is all here.
    """

    app: str
    config: FlyConfig
    counts: Mapping[str, int]
    image: str | None
    source: SourceBuild | None
    gate: Gate
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    secret_digests: Mapping[str, str] = field(default_factory=dict)

    def toml(self) -> str:
        """The fly.toml, byte for byte."""
        return render(self.app, self.config)

    def group(self) -> str:
        """The process group that `counts` is about: the one that serves HTTP, or the first."""
        service = self.config.http_service
        named = service.processes if service else None
        return named[0] if named else self.config.groups()[0]


def default_gate_path(config: FlyConfig) -> str:
    """Where to ask when nothing is said: what the first traffic-steering health check asks, or the front page."""
    checks = (config.http_service.checks if config.http_service else None) or []
    return next((check.path for check in checks if check.path), "/")
