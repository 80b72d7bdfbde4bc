"""A whole system: its data services, its app, its edge, its monitoring."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pulumi
from pydantic import SecretStr

from components.app import App
from components.app_platform import AppPlatformApp
from components.autoscaler import Autoscaler
from components.data_services import beside_app_platform, beside_fly_app
from components.deployed import Deployed
from components.edge import Edge
from components.firewall import Firewall
from components.monitoring import Monitoring
from components.zone_edge import ZoneEdge
from planning.app import app_name
from planning.autoscaler import autoscaler_app_name
from settings.database import ManagedDatabase
from settings.digitalocean_system import ORIGIN_SECRET, DigitalOceanSystem
from settings.fly_system import FlySystem


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
        zone: ZoneEdge | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("slipway:index:System", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        app: App | AppPlatformApp
        if isinstance(settings, FlySystem):
            data = beside_fly_app(name, settings, environment=environment, secrets=secrets, opts=child)
            app = App(name, settings, environment=environment, secrets=secrets, given=data.given, opts=child)
            if settings.autoscaler:
                Autoscaler(
                    f"{name}-autoscaler",
                    settings.autoscaler,
                    app_name=autoscaler_app_name(settings, environment),
                    app=settings.app,
                    scaled=app_name(settings.app, environment),
                    tokens=secrets,
                    opts=child,
                )
        else:
            data = beside_app_platform(name, settings, environment=environment, secrets=secrets, opts=child)
            app = AppPlatformApp(
                name,
                settings,
                environment=environment,
                secrets=secrets,
                given=data.given,
                deployed=deployed,
                opts=child,
            )
        if data.clusters:
            allowed = settings.database.allow if isinstance(settings.database, ManagedDatabase) else ()
            app_id = app.app_id if isinstance(app, AppPlatformApp) else None
            Firewall(name, data.clusters, app_id=app_id, addresses=allowed, opts=child)
        base_url: pulumi.Input[str] = app.live_url
        if settings.edge:
            edge = Edge(
                name,
                settings.edge,
                environment=environment,
                ingress_host=app.ingress_host,
                validations=app.validations,
                origin_secret=secrets.get(ORIGIN_SECRET),
                zone=zone,
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
        if isinstance(settings, FlySystem) and settings.volumes:
            self.deployed |= {
                "volumes": {
                    part: {"region": volume.region, "sizeGb": volume.size_gb, "count": volume.count}
                    for part, volume in settings.volumes.items()
                }
            }
        self.register_outputs(self.outputs)
