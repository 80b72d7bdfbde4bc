"""An app of replicas on DigitalOcean App Platform."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

import pulumi
from pydantic import SecretStr

from components import sdk
from components.deployed import Deployed, first_run
from components.given import Given
from planning.app_platform import app_spec, deployed_mark, marked_settings, never_read_back
from planning.fingerprint import fingerprint
from settings.digitalocean_system import DigitalOceanSystem

_JOINT: Final = "."


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
    mark: pulumi.Output[str]
    """Changes with the secrets and alert destinations that the app has; empty while it has other people's."""
    validations: dict[str, pulumi.Output[dict[str, dict[str, str]]]]
    """None: App Platform proves a domain by its record alone."""
    outputs: dict[str, Any]
    """What the stack exports of it."""
    deployed: dict[str, Any]
    """What the next run has to know, see components/deployed.py. `settled` tells whether a refresh finds nothing new;
    if not, the next run settles it."""

    def __init__(
        self,
        name: str,
        settings: DigitalOceanSystem,
        *,
        environment: str,
        secrets: Mapping[str, SecretStr],
        given: Given,
        deployed: Deployed,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("slipway:index:AppPlatformApp", name, None, opts)
        adopt = str(settings.app.adopt) if settings.app.adopt else None
        adopting = deployed.adopting(adopt)
        with ThreadPoolExecutor(1) as beside:
            # The mark takes 50 ms on purpose, about as long as the engine's answer.
            marking = beside.submit(
                fingerprint, secrets, purpose=f"{environment}/{name}", settings=marked_settings(settings.monitoring)
            )
            first = first_run(f"{name}-first-run", self)
        mark = marking.result()
        hidden = {key: pulumi.Output.secret(value.get_secret_value()) for key, value in secrets.items()}
        # What data services give is known only once they are there, so it is marked by what it became.
        wanted = _marked(mark, given, purpose=f"{environment}/{name}")
        spec = app_spec(
            settings,
            environment,
            {**hidden, **given.secrets},
            mark=wanted,
            given=given.variables,
            given_secrets=sorted(given.secrets),
            network=given.network,
        )
        if adopting:
            pulumi.log.info(f"takes over the app {adopt} as it is; the next `pulumi up` applies its settings", self)
            ignored = ["spec"]
        elif (deployed.app_id or not first) and (
            mark != deployed.mark.partition(_JOINT)[0] or deployed.wanted not in ("", deployed.mark)
        ):
            ignored = []
        else:
            # Secret values come back as EV[…] (terraform-provider-digitalocean issue 1603), alert destinations not at
            # all (issue 1606; both open in 2026-09), and every preview would show them as changes.
            ignored = never_read_back(spec)
        app = sdk.load("pulumi_digitalocean.app").App(
            f"{name}-app",
            spec=spec,
            opts=pulumi.ResourceOptions(
                parent=self,
                import_=adopt if adopting else None,
                protect=adopt is not None,
                ignore_changes=ignored,
            ),
        )
        self.app_id = app.id
        self.live_url = app.live_url
        self.ingress_host = app.default_ingress.apply(_host)
        # Read from the app itself, so that it never claims secrets that the app did not get.
        self.mark = pulumi.Output.unsecret(app.spec).apply(deployed_mark)
        self.validations = {}
        self.outputs = {"appId": app.id, "liveUrl": app.live_url}
        settled: pulumi.Input[bool] = ignored == never_read_back(spec)
        self.deployed = {"appId": app.id, "mark": self.mark, "settled": settled}
        if given.secrets:
            delivered = pulumi.Output.all(self.mark, wanted).apply(lambda marks: marks[0] == marks[1])
            self.deployed |= {"wanted": wanted, "settled": delivered.apply(lambda done: done and settled)}
        self.register_outputs({**self.outputs, "ingressHost": self.ingress_host})


def _host(url: str) -> str:
    return url.removeprefix("https://").rstrip("/")


def _marked(mark: str, given: Given, *, purpose: str) -> pulumi.Input[str]:
    """The mark of the stack's secrets, joined by one of the secrets that data services give."""
    if not given.secrets:
        return mark
    values = pulumi.Output.all(**given.secrets)
    found = values.apply(
        lambda urls: fingerprint({name: SecretStr(url) for name, url in urls.items()}, purpose=purpose)
    )
    return pulumi.Output.unsecret(pulumi.Output.concat(mark, _JOINT, found))
