"""An app of machines on Fly.io."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pulumi
from pydantic import SecretStr

from components.given import Given
from components.volumes import Volumes
from fly import resources as fly
from planning.app import app_name, fly_toml, machine_counts
from settings.app import FlyApp
from settings.fly_system import FlySystem


class App(pulumi.ComponentResource):
    """The app with its machines, volume, secrets, addresses, certificates, and the release that runs in it.

    Type token `slipway:index:App`. Owns `fly.App`, `fly.Address` (shared IPv4 and IPv6), Volumes and `fly.Secrets`
    where asked for, `fly.Certificate` a domain, and `fly.Release`. DNS records belong to Edge, checks from outside to
    Monitoring. The app and its volume are protected; snapshots of the volume are kept as long as its settings say.
    Costs its running machines, and 0.15 dollars a GB and month for volumes (fly.io pricing page, 2026-08).
    """

    live_url: pulumi.Output[str]
    """Where Fly.io serves it: its default host name."""
    ingress_host: pulumi.Output[str]
    """The default host name, which DNS records point to."""
    validations: dict[str, pulumi.Output[dict[str, dict[str, str]]]]
    """By domain, the DNS records (`acme`, `ownership`) that prove it to Fly.io."""

    outputs: dict[str, Any]
    """What the stack exports of it."""
    deployed: dict[str, Any]
    """What the next run has to know, see components/deployed.py."""

    def __init__(
        self,
        name: str,
        settings: FlySystem,
        *,
        environment: str,
        secrets: Mapping[str, SecretStr],
        given: Given,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """`given` is what the system's data services give to the app."""
        super().__init__("slipway:index:App", name, None, opts)
        wanted = settings.app
        child = pulumi.ResourceOptions(parent=self)
        app = fly.App(f"{name}-app", name=app_name(wanted, environment), org=wanted.organization, opts=child)
        addresses = [fly.Address(f"{name}-{kind}", app=app.name, type=kind, opts=child) for kind in ("shared_v4", "v6")]
        volumes = self._volumes(name, wanted, app)
        release = fly.Release(
            f"{name}-release",
            app=app.name,
            config=fly_toml(wanted, given.variables),
            counts=machine_counts(wanted),
            image=wanted.image,
            source=_source(wanted),
            secrets=self._secrets(name, wanted, app, secrets, given),
            gate={
                "path": wanted.deploy.gate_path,
                "successes": wanted.deploy.gate_successes,
                "timeoutSeconds": int(wanted.deploy.wait.total_seconds()),
            },
            single_instance=wanted.single or None,
            # flyctl makes addresses and volumes of its own when a first deployment finds none, and the app's checks may
            # ask the data services.
            opts=pulumi.ResourceOptions(parent=self, depends_on=[*addresses, *volumes, *given.ready]),
        )
        certificates = {
            host: fly.Certificate(f"{name}-{host}", app=app.name, hostname=host, opts=child)
            for host in settings.host_names
        }
        self.validations = {host: certificate.validation_records for host, certificate in certificates.items()}
        self.ingress_host = app.hostname
        self.live_url = pulumi.Output.concat("https://", app.hostname)
        self.outputs = {"app": app.name, "liveUrl": self.live_url, "image": release.deployed_image}
        self.deployed = {"app": app.name, "settled": True}
        self.register_outputs(self.outputs)

    def _volumes(self, name: str, wanted: FlyApp, app: fly.App) -> list[Volumes]:
        if wanted.volume is None:
            return []
        child = pulumi.ResourceOptions(parent=self)
        machines = wanted.machines.maximum
        return [Volumes(name, wanted.volume, app=app.name, region=wanted.region, machines=machines, opts=child)]

    def _secrets(
        self, name: str, wanted: FlyApp, app: fly.App, secrets: Mapping[str, SecretStr], given: Given
    ) -> fly.Secrets | None:
        own = {key: pulumi.Output.secret(secrets[key].get_secret_value()) for key in sorted(wanted.secrets)}
        values = {**own, **given.secrets}
        if not values:
            return None
        return fly.Secrets(f"{name}-secrets", app=app.name, values=values, opts=pulumi.ResourceOptions(parent=self))


def _source(wanted: FlyApp) -> dict[str, object] | None:
    if wanted.build is None:
        return None
    return {
        "folder": wanted.build.folder,
        "dockerfile": wanted.build.dockerfile,
        "target": wanted.build.target,
        "args": dict(wanted.build.arguments),
    }
