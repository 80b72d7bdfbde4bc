"""A system: one app with everything around it, on one platform."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import StringConstraints

from settings.app_platform import AppPlatformApp
from settings.edge import Edge
from settings.model import Settings
from settings.monitoring import Monitoring
from settings.problem import Broken

SystemName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,30}[a-z0-9]$")]
"""The name of a file in `systems/`, without `.yaml`."""


class DigitalOceanSystem(Settings):
    """A system on DigitalOcean App Platform."""

    platform: Literal["digitalocean"]
    """Where the app runs."""
    description: Annotated[str, StringConstraints(min_length=1, max_length=300)]
    """One sentence: what it is."""
    app: AppPlatformApp
    """The app."""
    edge: Edge | None = None
    """Domains and DNS. Without it the app is reached under its default host name only."""
    monitoring: Monitoring | None = None
    """Probes, limits and alerts."""

    @property
    def secret_names(self) -> frozenset[str]:
        """Every secret that must have a value before the system can be deployed."""
        names = set(self.app.secrets)
        if self.monitoring and self.monitoring.notify.slack:
            names.add(self.monitoring.notify.slack.webhook_secret)
        if self.edge and self.edge.mode == "cloudflare":
            names.add(ORIGIN_SECRET)
        return frozenset(names)

    @property
    def host_names(self) -> tuple[str, ...]:
        """The domains that visitors use, the primary one first."""
        domains = self.edge.domains if self.edge else ()
        return tuple(domain.name for domain in sorted(domains, key=lambda domain: domain.role != "primary"))

    def broken(self) -> Iterator[Broken]:
        slack = self.monitoring.notify.slack if self.monitoring else None
        if slack and slack.webhook_secret in self.app.variables:
            yield Broken(
                ("app", "variables", slack.webhook_secret),
                f"{slack.webhook_secret} is a plain variable of the app and the secret of the alerts",
                "rename the one or the other",
            )


ORIGIN_SECRET = "EDGE_ORIGIN_SECRET"  # noqa: S105  the secret's name, not its value
"""Behind Cloudflare's proxy the app accepts only requests that carry this value in a header."""

System = DigitalOceanSystem
