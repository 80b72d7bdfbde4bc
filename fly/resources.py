"""The resources of Fly.io for programs: thin classes over the provider `fly`, with typed arguments and outputs.

::

    app = App("web", name="paintbox", org="acme")
    data = Volume("web-data", app=app.name, name="data", region="sjc", size_gb=1, count=2)
    secrets = Secrets("web-secrets", app=app.name, values={"API_KEY": config.require_secret("key")})
    release = Release("web", app=app.name, config=toml, counts={"sjc": 2}, image="registry/web:v1", secrets=secrets)

Apps and volumes are protected unless the options say otherwise, because they hold what cannot be made again.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any

import grpc
import pulumi
from pulumi.runtime.proto import resource_pb2
from pulumi.runtime.settings import get_monitor

Text = pulumi.Input[str]
Texts = Mapping[str, Text]


def start_provider() -> None:
    """Have the engine start the provider now, beside the program.

    It would start it with the first resource of Fly.io otherwise, and keep every other resource waiting until the
    process answers, a third of a second later.
    """
    monitor = get_monitor()
    if monitor is None:
        return

    def ask() -> None:
        try:
            monitor.Invoke(resource_pb2.ResourceInvokeRequest(tok="fly:index:wake", acceptResources=True))
        except grpc.RpcError:
            # A provider that does not start says why to the first resource that needs it.
            return

    threading.Thread(target=ask, name="fly-wake", daemon=True).start()


class App(pulumi.CustomResource):
    """An app of an organization. `network` keeps its private network apart from that of the organization's others.

    Type token `fly:index:App`; import by `NAME`. Costs nothing by itself.
    """

    name: pulumi.Output[str]
    org: pulumi.Output[str]
    hostname: pulumi.Output[str]

    def __init__(
        self,
        resource_name: str,
        *,
        name: Text,
        org: Text,
        network: Text | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        inputs = {"name": name, "org": org, "network": network, "hostname": None}
        super().__init__("fly:index:App", resource_name, inputs, _protected(opts))


class Volume(pulumi.CustomResource):
    """`count` volumes of one name in one region, one for each machine there. They grow in place and never shrink.

    `extends_to_gb` is how large they may have grown by themselves (fly.toml's auto_extend_size_limit).
    Type token `fly:index:Volume`; import by `APP/REGION/NAME`. Costs $0.15 a GB and month (fly.io/docs/about/pricing,
    2026-08); snapshots are kept `snapshot_retention_days`.
    """

    app: pulumi.Output[str]
    name: pulumi.Output[str]
    region: pulumi.Output[str]

    def __init__(
        self,
        resource_name: str,
        *,
        app: Text,
        name: Text,
        region: Text,
        size_gb: pulumi.Input[int],
        count: pulumi.Input[int] = 1,
        snapshot_retention_days: pulumi.Input[int] = 5,
        scheduled_snapshots: pulumi.Input[bool] = True,
        extends_to_gb: pulumi.Input[int] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        inputs = {
            "app": app,
            "name": name,
            "region": region,
            "sizeGb": size_gb,
            "count": count,
            "snapshotRetentionDays": snapshot_retention_days,
            "scheduledSnapshots": scheduled_snapshots,
            "extendsToGb": extends_to_gb,
            "volumeIds": None,
        }
        super().__init__("fly:index:Volume", resource_name, inputs, _protected(opts))

    @property
    def volume_ids(self) -> pulumi.Output[list[str]]:
        """The ids of the volumes."""
        found: pulumi.Output[list[str]] = pulumi.get(self, "volumeIds")
        return found


class Secrets(pulumi.CustomResource):
    """Secrets of an app by name, staged for the next release. Values are secret in state and go to flyctl by stdin.

    Type token `fly:index:Secrets`; import by `APP` (values cannot be read back, the next update sets them).
    """

    app: pulumi.Output[str]
    values: pulumi.Output[dict[str, str]]
    digests: pulumi.Output[dict[str, str]]

    def __init__(
        self, resource_name: str, *, app: Text, values: Texts, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        hidden = {name: pulumi.Output.secret(value) for name, value in values.items()}
        super().__init__("fly:index:Secrets", resource_name, {"app": app, "values": hidden, "digests": None}, opts)


class Address(pulumi.CustomResource):
    """An address of an app: `v4` (dedicated, $2 a month), `shared_v4`, `v6` or `private_v6` (Flycast).

    Type token `fly:index:Address`; import by `APP/TYPE` or `APP/TYPE/REGION`.
    """

    app: pulumi.Output[str]
    address: pulumi.Output[str]

    def __init__(
        self,
        resource_name: str,
        *,
        app: Text,
        type: Text,
        region: Text | None = None,
        network: Text | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        inputs = {"app": app, "type": type, "region": region, "network": network, "address": None}
        super().__init__("fly:index:Address", resource_name, inputs, opts)


class Certificate(pulumi.CustomResource):
    """A certificate for a host name of an app.

    `validation_records` has `acme` (a CNAME) and `ownership` (a TXT), each with `type`, `name` and `value`; `targets`
    has `a`, `aaaa` (lists) and `cname`. Type token `fly:index:Certificate`; import by `APP/HOSTNAME`. Ten are
    free, then $0.10 a month each (fly.io/docs/about/pricing, 2026-08).
    """

    app: pulumi.Output[str]
    hostname: pulumi.Output[str]
    targets: pulumi.Output[dict[str, Any]]

    def __init__(
        self, resource_name: str, *, app: Text, hostname: Text, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        inputs = {"app": app, "hostname": hostname, "validationRecords": None, "targets": None}
        super().__init__("fly:index:Certificate", resource_name, inputs, opts)

    @property
    def validation_records(self) -> pulumi.Output[dict[str, dict[str, str]]]:
        """The DNS records by which the domain is validated."""
        found: pulumi.Output[dict[str, dict[str, str]]] = pulumi.get(self, "validationRecords")
        return found


class Release(pulumi.CustomResource):
    """What runs in an app: an image or a source folder, fly.toml, machines per region, and secrets, behind a gate.

    `config` has fly.toml's own keys (`fly.config.FlyConfig`), without `app`. `counts` is machines by region. `gate` may
    set `path`, `url`, `successes`, `intervalSeconds` and `timeoutSeconds`. `source` has `folder` and may have
    `dockerfile`, `target` and `args`. With `secrets` the release waits for them and brings them back on a rollback.
    `single_instance` refuses more than one machine, for apps whose state is in files.
    Type token `fly:index:Release`; import by `APP`. Costs what its machines cost.
    """

    app: pulumi.Output[str]
    toml: pulumi.Output[str]
    version: pulumi.Output[int]
    verified: pulumi.Output[bool]

    def __init__(
        self,
        resource_name: str,
        *,
        app: Text,
        config: pulumi.Input[Mapping[str, Any]],
        counts: pulumi.Input[Mapping[str, pulumi.Input[int]]],
        image: Text | None = None,
        source: Mapping[str, Any] | None = None,
        secrets: Secrets | None = None,
        gate: Mapping[str, Any] | None = None,
        single_instance: bool | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        inputs = {
            "app": app,
            "config": config,
            "counts": counts,
            "image": image,
            "source": source,
            "secrets": secrets.values if secrets else None,
            "secretDigests": secrets.digests if secrets else None,
            "gate": gate,
            "singleInstance": single_instance,
            **dict.fromkeys(("toml", "version", "deployedImage", "verified")),
        }
        super().__init__("fly:index:Release", resource_name, inputs, opts)

    @property
    def deployed_image(self) -> pulumi.Output[str]:
        """What all machines run, by digest."""
        found: pulumi.Output[str] = pulumi.get(self, "deployedImage")
        return found


def _protected(opts: pulumi.ResourceOptions | None) -> pulumi.ResourceOptions:
    return pulumi.ResourceOptions.merge(pulumi.ResourceOptions(protect=True), opts)
