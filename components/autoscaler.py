"""The autoscaler of an app on Fly.io."""

from __future__ import annotations

from collections.abc import Mapping

import pulumi
from pydantic import SecretStr

from fly import resources as fly
from planning.autoscaler import autoscaler_toml
from settings.app import FlyApp
from settings.autoscaler import API_SECRET, METRICS_SECRET
from settings.autoscaler import Autoscaler as AutoscalerSettings


class Autoscaler(pulumi.ComponentResource):
    """Starts and stops the machines of the app by their CPU and memory use.

    Type token `slipway:index:Autoscaler`. Owns `fly.App`, `fly.Secrets` (its two tokens) and `fly.Release`. How many
    machines there are belongs to the app's own release. Costs one small machine.
    """

    def __init__(
        self,
        name: str,
        settings: AutoscalerSettings,
        *,
        app_name: str,
        app: FlyApp,
        scaled: str,
        tokens: Mapping[str, SecretStr],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """`app_name` is that of the autoscaler's own app; `scaled` that of the one that it watches."""
        super().__init__("slipway:index:Autoscaler", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        own = fly.App(f"{name}-app", name=app_name, org=app.organization, opts=child)
        values = {key: pulumi.Output.secret(tokens[key].get_secret_value()) for key in (API_SECRET, METRICS_SECRET)}
        fly.Release(
            f"{name}-release",
            app=own.name,
            config=autoscaler_toml(settings, app, scaled),
            counts={app.region: 1},
            image=settings.image,
            secrets=fly.Secrets(f"{name}-secrets", app=own.name, values=values, opts=child),
            # Two of them would undo what the other does.
            single_instance=True,
            opts=child,
        )
        self.register_outputs({"app": own.name, "scales": scaled})
