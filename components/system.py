"""A whole system: its app, its edge, its monitoring."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pulumi
from pydantic import SecretStr

from components.app_platform import AppPlatformApp
from components.deployed import Deployed
from components.edge import Edge
from components.monitoring import Monitoring
from settings.system import ORIGIN_SECRET, DigitalOceanSystem


class System(pulumi.ComponentResource):
    """One system of a stack.

    Type token `slipway:index:System`. Owns the components named in settings/system.py; costs what they cost.
    """

    outputs: dict[str, Any]
    """What the stack exports for people: app id, URLs, domains."""
    deployed: dict[str, Any]
    """What the next run has to know of this one, see components/deployed.py."""

    def __init__(
        self,
        name: str,
        settings: DigitalOceanSystem,
        *,
        environment: str,
        secrets: Mapping[str, SecretStr],
        deployed: Deployed,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("slipway:index:System", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        app = AppPlatformApp(
            name, settings, environment=environment, secrets=secrets, deployed=deployed, opts=child
        )
        base_url: pulumi.Input[str] = app.live_url
        if settings.edge:
            edge = Edge(
                name,
                settings.edge,
                environment=environment,
                ingress_host=app.ingress_host,
                origin_secret=_secret(secrets, ORIGIN_SECRET),
                opts=child,
            )
            base_url = f"https://{edge.host_names[0]}"
        if settings.monitoring:
            Monitoring(
                name, settings.monitoring, environment=environment, base_url=base_url, secrets=secrets, opts=child
            )
        url = pulumi.Output.from_input(base_url)
        self.outputs = {
            "appId": app.app_id,
            "liveUrl": app.live_url,
            "url": url,
            "domains": list(settings.host_names),
            "healthUrl": url.apply(lambda base: f"{base.rstrip('/')}{settings.app.health.path}"),
        }
        self.deployed = {"appId": app.app_id, "secretsMark": app.secrets_mark, "adopting": app.adopting}
        self.register_outputs(self.outputs)


def _secret(secrets: Mapping[str, SecretStr], name: str) -> pulumi.Output[str] | None:
    return pulumi.Output.secret(secrets[name].get_secret_value()) if name in secrets else None
