"""A system: one app with everything around it, on one platform."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Annotated, Final, Literal

from pydantic import Field

from settings.app import FlyApp
from settings.app_platform import AppPlatformApp
from settings.constraint import Text
from settings.edge import Edge
from settings.model import Settings, line
from settings.monitoring import Monitoring
from settings.problem import Broken, Path

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


class AnySystem(Settings):
    """What systems have on every platform."""

    description: Annotated[str, line("A site in two replicas in Frankfurt")]
    """One sentence: what it is."""
    edge: Edge | None = None
    """Domains and DNS. Without it the app is reached under its default host name only."""
    monitoring: Monitoring | None = None
    """Probes, limits and alerts."""

    @property
    def needed_secrets(self) -> dict[str, Path]:
        """Every secret that must have a value before the system can be deployed, with the setting that asks for it."""
        slack = self.monitoring.notify.slack if self.monitoring else None
        return {slack.webhook_secret: ("monitoring", "notify", "slack", "webhook_secret")} if slack else {}

    @property
    def secret_names(self) -> frozenset[str]:
        """The names of the needed secrets."""
        return frozenset(self.needed_secrets)

    @property
    def host_names(self) -> tuple[str, ...]:
        """The domains that visitors use, the primary one first."""
        domains = self.edge.domains if self.edge else ()
        return tuple(domain.name for domain in sorted(domains, key=lambda domain: domain.role != "primary"))

    def _clashes(self, variables: Mapping[str, str], secrets: Collection[str]) -> Iterator[Broken]:
        """Variables of the app that have the name of a secret which is not the app's own."""
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
        yield from self._clashes(self.app.variables, self.app.secrets)


class FlySystem(AnySystem):
    """A system on Fly.io."""

    platform: Literal["fly"]
    """Where the app runs."""
    app: FlyApp
    """The app."""

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
        return super().needed_secrets | own

    def broken(self) -> Iterator[Broken]:
        yield from self._clashes(self.app.variables, self.app.secrets)


System = Annotated[DigitalOceanSystem | FlySystem, Field(discriminator="platform")]
