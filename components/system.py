"""A whole system: its app, its edge, its monitoring."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pulumi
from pydantic import SecretStr

from components.app import App
from components.app_platform import AppPlatformApp
from components.deployed import Deployed
from components.edge import Edge
from components.monitoring import Monitoring
from settings.system import ORIGIN_SECRET, DigitalOceanSystem, FlySystem


class System(pulumi.ComponentResource):
    """One system of a stack.

    Type token `slipway:index:System`. Owns the components named in settings/system.py; costs what they cost.
    """

    outputs: dict[str, Any]
    """What the stack exports for people: the app, URLs, domains."""
    deployed: dict[str, Any]
    """What the next run has to know of this one, see components/deployed.py."""

    def __init__(
        self,
        name: str,
        settings: DigitalOceanSystem | FlySystem,
        *,
        environment: str,
        secrets: Mapping[str, SecretStr],
        deployed: Deployed,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("slipway:index:System", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        app: App | AppPlatformApp
        if isinstance(settings, FlySystem):
            app = App(name, settings, environment=environment, secrets=secrets, opts=child)
        else:
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
                validations=app.validations,
                origin_secret=secrets.get(ORIGIN_SECRET),
                opts=child,
            )
            base_url = f"https://{edge.host_names[0]}"
        if settings.monitoring:
            Monitoring(
                name, settings.monitoring, environment=environment, base_url=base_url, secrets=secrets, opts=child
            )
        self.outputs = {
            **app.outputs,
            "url": base_url,
            "domains": list(settings.host_names),
            "healthUrl": pulumi.Output.concat(base_url, settings.health_path),
        }
        self.deployed = app.deployed
        self.register_outputs(self.outputs)
