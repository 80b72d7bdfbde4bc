"""Who may connect to a system's managed clusters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pulumi

from components import sdk


class Firewall(pulumi.ComponentResource):
    """A firewall for each cluster, open to the app and to named addresses and to nobody else.

    Type token `slipway:index:Firewall`. Owns a `digitalocean.DatabaseFirewall` for each cluster,
    `<name>-<cluster>-firewall`. Costs nothing. A cluster is open to everybody who has its password until its
    firewall is there, right after the app.
    """

    def __init__(
        self,
        name: str,
        clusters: Mapping[str, pulumi.Output[str]],
        *,
        app_id: pulumi.Output[str] | None,
        addresses: Sequence[str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("slipway:index:Firewall", name, None, opts)
        app = [{"type": "app", "value": app_id}] if app_id is not None else []
        for role, cluster_id in sorted(clusters.items()):
            sdk.load("pulumi_digitalocean.database_firewall").DatabaseFirewall(
                f"{name}-{role}-firewall",
                cluster_id=cluster_id,
                rules=[*app, *({"type": "ip_addr", "value": address} for address in sorted(addresses))],
                opts=pulumi.ResourceOptions(parent=self),
            )
        self.register_outputs({"clusterIds": dict(clusters)})
