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
from settings.system import DigitalOceanSystem


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
        app = AppPlatformApp(name, settings, environment=environment, secrets=secrets, deployed=deployed, opts=child)
        base_url: pulumi.Input[str] = app.live_url
        if settings.edge:
            edge = Edge(
                name,
                settings.edge,
                environment=environment,
                ingress_host=app.ingress_host,
                secrets=secrets,
                opts=child,
            )
            base_url = f"https://{edge.host_names[0]}"
        if settings.monitoring:
            Monitoring(
                name, settings.monitoring, environment=environment, base_url=base_url, secrets=secrets, opts=child
            )
        self.outputs = {
            "appId": app.app_id,
            "liveUrl": app.live_url,
            "url": base_url,
            "domains": list(settings.host_names),
            "healthUrl": pulumi.Output.concat(base_url, settings.app.health.path),
        }
        self.deployed = {"appId": app.app_id, "mark": app.mark, "settled": app.settled}
        self.register_outputs(self.outputs)
