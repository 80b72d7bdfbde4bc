"""A system: one app with everything around it, on one platform."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Annotated, Final, Literal

from pydantic import Field, StringConstraints

from settings.app import FlyApp
from settings.app_platform import AppPlatformApp
from settings.edge import Edge
from settings.model import Settings
from settings.monitoring import Monitoring
from settings.problem import Broken

SystemName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,30}[a-z0-9]$")]
"""The name of a file in `systems/`, without `.yaml`."""


ORIGIN_SECRET: Final = "EDGE_ORIGIN_SECRET"  # noqa: S105  the secret's name, not its value
"""Behind Cloudflare's proxy an App Platform app accepts only requests that carry this value in a header."""


class AnySystem(Settings):
    """What systems have on every platform."""

    description: Annotated[str, StringConstraints(min_length=1, max_length=300)]
    """One sentence: what it is."""
    edge: Edge | None = None
    """Domains and DNS. Without it the app is reached under its default host name only."""
    monitoring: Monitoring | None = None
    """Probes, limits and alerts."""

    @property
    def own_secrets(self) -> frozenset[str]:
        """The secrets of everything but the app."""
        slack = self.monitoring.notify.slack if self.monitoring else None
        return frozenset({slack.webhook_secret} if slack else ())

    @property
    def host_names(self) -> tuple[str, ...]:
        """The domains that visitors use, the primary one first."""
        domains = self.edge.domains if self.edge else ()
        return tuple(domain.name for domain in sorted(domains, key=lambda domain: domain.role != "primary"))


class DigitalOceanSystem(AnySystem):
    """A system on DigitalOcean App Platform."""

    platform: Literal["digitalocean"]
    """Where the app runs."""
    app: AppPlatformApp
    """The app."""

    @property
    def secret_names(self) -> frozenset[str]:
        """Every secret that must have a value before the system can be deployed."""
        behind_proxy = self.edge is not None and self.edge.mode == "cloudflare"
        return self.own_secrets | self.app.secrets.keys() | ({ORIGIN_SECRET} if behind_proxy else set())

    def broken(self) -> Iterator[Broken]:
        yield from _clashes(self.app.variables, self.own_secrets)


class FlySystem(AnySystem):
    """A system on Fly.io."""

    platform: Literal["fly"]
    """Where the app runs."""
    app: FlyApp
    """The app."""

    @property
    def secret_names(self) -> frozenset[str]:
        """Every secret that must have a value in the stack's config; those in AWS Secrets Manager have theirs there."""
        return self.own_secrets | {name for name, secret in self.app.secrets.items() if secret.aws is None}

    def broken(self) -> Iterator[Broken]:
        yield from _clashes(self.app.variables, self.own_secrets)


System = Annotated[DigitalOceanSystem | FlySystem, Field(discriminator="platform")]


def _clashes(variables: Mapping[str, str], secrets: Collection[str]) -> Iterator[Broken]:
    for name in sorted(variables.keys() & set(secrets)):
        rule = f"{name} is a plain variable of the app and the secret of the alerts"
        yield Broken(("app", "variables", name), rule, "rename the one or the other")
