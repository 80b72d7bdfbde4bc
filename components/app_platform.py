"""An app of replicas on DigitalOcean App Platform."""

from __future__ import annotations

from collections.abc import Mapping

import pulumi
from pydantic import SecretStr

from components import sdk
from components.deployed import Deployed
from planning.app_platform import app_spec
from planning.fingerprint import fingerprint
from settings.system import ORIGIN_SECRET, DigitalOceanSystem


class AppPlatformApp(pulumi.ComponentResource):
    """The app with its replicas, checks, variables, domains and alerts.

    Type token `slipway:index:AppPlatformApp`. Owns one `digitalocean.App`, `<name>-app`. DNS records belong to Edge,
    checks from outside to Monitoring. Costs the instance size times the replicas, see settings/digitalocean.py.

    An app that is adopted is protected, and taken over in two steps, because the engine imports a resource only as it
    is: the first `pulumi up` imports it with its live spec, the next one applies the settings.
    """

    app_id: pulumi.Output[str]
    """The app's id."""
    live_url: pulumi.Output[str]
    """Where visitors find it: the primary domain, or the default host name."""
    ingress_host: pulumi.Output[str]
    """The default host name, which DNS records point to."""
    secrets_mark: str
    """Changes with the secrets; empty while the app has other people's secrets."""
    adopting: bool
    """Whether this run only takes the app over."""

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
        super().__init__("slipway:index:AppPlatformApp", name, None, opts)
        adopt = str(settings.app.adopt) if settings.app.adopt else None
        mark = fingerprint(secrets, purpose=f"{environment}/{name}")
        self.adopting = deployed.adopting(adopt)
        self.secrets_mark = "" if self.adopting else mark
        hidden = {key: pulumi.Output.secret(value.get_secret_value()) for key, value in secrets.items()}
        spec = app_spec(
            settings,
            environment,
            hidden,
            secrets_mark=mark,
            origin_secret=hidden.get(ORIGIN_SECRET) if settings.edge and settings.edge.mode == "cloudflare" else None,
        )
        app = sdk.load("pulumi_digitalocean.app").App(
            f"{name}-app",
            spec=spec,
            opts=pulumi.ResourceOptions(
                parent=self,
                import_=adopt if self.adopting else None,
                protect=adopt is not None,
                ignore_changes=self._ignored(mark, deployed),
            ),
        )
        self.app_id = app.id
        self.live_url = app.live_url
        self.ingress_host = app.default_ingress.apply(_host)
        self.register_outputs({"appId": app.id, "liveUrl": app.live_url, "ingressHost": self.ingress_host})

    def _ignored(self, mark: str, deployed: Deployed) -> list[str]:
        if self.adopting:
            return ["spec"]
        if mark and mark == deployed.secrets_mark:
            # The API gives secret values back as EV[…], which every preview would show as a change of all of them
            # (pulumi-digitalocean issue 624). The mark in the plain variables shows when they really change.
            return ["spec.envs"]
        return []


def _host(url: str) -> str:
    return url.removeprefix("https://").rstrip("/")
