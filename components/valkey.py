"""A managed Valkey cluster on DigitalOcean."""

from __future__ import annotations

from urllib.parse import quote

import pulumi

from components import sdk
from components.given import Given
from planning.database import valkey_cluster, valkey_tuning
from settings.redis import Valkey as ValkeySettings


class Valkey(pulumi.ComponentResource):
    """A Valkey cluster, which speaks the protocol of Redis, in the private network of the app.

    Type token `slipway:index:Valkey`. Owns `digitalocean.DatabaseCluster` and `DatabaseValkeyConfig`. Who may connect
    belongs to Firewall. The cluster is protected. Costs the size times the nodes.
    """

    cluster_id: pulumi.Output[str]
    """The cluster's id."""
    given: Given
    """REDIS_HOST, REDIS_PORT and the secret REDIS_URL, which asks for TLS."""

    def __init__(
        self, name: str, settings: ValkeySettings, *, cluster_name: str, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("slipway:index:Valkey", name, None, opts)
        made = sdk.load("pulumi_digitalocean.database_cluster").DatabaseCluster(
            f"{name}-cluster",
            **valkey_cluster(settings, cluster_name),
            opts=pulumi.ResourceOptions(parent=self, protect=True),
        )
        sdk.load("pulumi_digitalocean.database_valkey_config").DatabaseValkeyConfig(
            f"{name}-tuning",
            cluster_id=made.id,
            **valkey_tuning(settings),
            opts=pulumi.ResourceOptions(parent=self),
        )
        port = made.port.apply(lambda found: str(int(found)))
        password = made.password.apply(lambda found: quote(found, safe=""))
        url: pulumi.Output[str] = pulumi.Output.secret(
            pulumi.Output.concat("rediss://", made.user, ":", password, "@", made.private_host, ":", port)
        )
        self.cluster_id = made.id
        self.given = Given(
            variables={"REDIS_HOST": made.private_host, "REDIS_PORT": port},
            secrets={"REDIS_URL": url},
            network=made.private_network_uuid,
        )
        self.register_outputs({"clusterId": made.id, "host": made.private_host, "port": port, "url": url})
