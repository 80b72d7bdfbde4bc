"""An app of replicas on DigitalOcean App Platform."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pulumi
from pydantic import SecretStr

from components import sdk
from components.deployed import Deployed
from planning.app_platform import Spec, alerts_mark, app_spec, deployed_mark, destination_paths
from planning.fingerprint import fingerprint
from settings.system import DigitalOceanSystem


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
    secrets_mark: pulumi.Output[str]
    """Changes with the secrets that the app has; empty while it has other people's."""
    alerts_mark: str
    """Changes with the alerts' limits and destinations; empty while the app has other people's."""
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
        self.adopting = deployed.adopting(adopt)
        mark = fingerprint(secrets, purpose=f"{environment}/{name}")
        alerting = alerts_mark(settings.monitoring)
        hidden = {key: pulumi.Output.secret(value.get_secret_value()) for key, value in secrets.items()}
        spec = app_spec(settings, environment, hidden, secrets_mark=mark)
        same = deployed.app_id != "" and mark == deployed.secrets_mark
        ignored = ["spec"] if self.adopting else list(_never_read_back(spec, alerting == deployed.alerts_mark, same))
        app = sdk.load("pulumi_digitalocean.app").App(
            f"{name}-app",
            spec=spec,
            opts=pulumi.ResourceOptions(
                parent=self,
                import_=adopt if self.adopting else None,
                protect=adopt is not None,
                ignore_changes=ignored,
            ),
        )
        self.app_id = app.id
        self.live_url = app.live_url
        self.ingress_host = app.default_ingress.apply(_host)
        # Read from the app and not from `mark`: an `up` that leaves the app out (--target) must not claim its secrets.
        self.secrets_mark = pulumi.Output.unsecret(app.spec).apply(deployed_mark)
        self.alerts_mark = "" if self.adopting else alerting
        self.register_outputs({"appId": app.id, "liveUrl": app.live_url, "ingressHost": self.ingress_host})


def _never_read_back(spec: Spec, same_alerts: bool, same_secrets: bool) -> Iterator[str]:
    """What the app has already, but the provider cannot tell: every preview would show it as a change.

    Secret values come back as EV[…] (terraform-provider-digitalocean issue 1603), alert destinations not at all (issue
    1606); both open in 2026-09. A change of any such path sends the whole spec and so deploys the app again.
    """
    if same_secrets and "envs" in spec:
        yield "spec.envs"
    if same_secrets and same_alerts:
        yield from destination_paths(spec)


def _host(url: str) -> str:
    return url.removeprefix("https://").rstrip("/")
