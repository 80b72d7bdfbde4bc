"""How the internet reaches an app: DNS records at Cloudflare, and the Worker where Cloudflare stands in front."""

from __future__ import annotations

import pulumi

from components import sdk
from planning.edge import record_name, worker_name, worker_script
from planning.app_platform import EDGE_HEADER
from settings.edge import Edge as EdgeSettings


class Edge(pulumi.ComponentResource):
    """The DNS records of a system's domains in an existing Cloudflare zone.

    Type token `slipway:index:Edge`. Owns one `cloudflare.DnsRecord` a domain, and in mode `cloudflare` one
    `WorkersScript` and one `WorkersRoute` a domain. The zone itself is looked up, never created or changed. Costs
    nothing on Cloudflare's free plan (100,000 Worker requests a day included, 2026-08).
    """

    host_names: list[str]
    """The domains, the primary one first."""

    def __init__(
        self,
        name: str,
        settings: EdgeSettings,
        *,
        environment: str,
        ingress_host: pulumi.Input[str],
        origin_secret: pulumi.Input[str] | None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("slipway:index:Edge", name, None, opts)
        zone = sdk.load("pulumi_cloudflare.get_zone").get_zone_output(filter={"name": settings.zone})
        self.host_names = [domain.name for domain in sorted(settings.domains, key=lambda d: d.role != "primary")]
        proxied = settings.mode == "cloudflare"
        for host in self.host_names:
            sdk.load("pulumi_cloudflare.dns_record").DnsRecord(
                f"{name}-{record_name(host, settings.zone)}",
                zone_id=zone.zone_id,
                name=host,
                type="CNAME",
                content=ingress_host,
                ttl=settings.record_ttl,
                proxied=proxied,
                opts=pulumi.ResourceOptions(parent=self),
            )
        if proxied:
            self._worker(name, settings, environment, zone, ingress_host, origin_secret)
        self.register_outputs({"hostNames": self.host_names})

    def _worker(
        self,
        name: str,
        settings: EdgeSettings,
        environment: str,
        zone: pulumi.Output,
        ingress_host: pulumi.Input[str],
        origin_secret: pulumi.Input[str] | None,
    ) -> None:
        """App Platform answers only to its default host name, so a Worker puts that into each request."""
        script = sdk.load("pulumi_cloudflare.workers_script").WorkersScript(
            f"{name}-worker",
            account_id=zone.account.id,
            script_name=worker_name(name, environment),
            content=worker_script(),
            main_module="worker.mjs",
            compatibility_date="2026-01-01",
            bindings=[
                {"name": "ORIGIN_HOST", "type": "plain_text", "text": ingress_host},
                {"name": "ORIGIN_HEADER", "type": "plain_text", "text": EDGE_HEADER},
                {"name": "ORIGIN_SECRET", "type": "secret_text", "text": origin_secret},
            ],
            opts=pulumi.ResourceOptions(parent=self),
        )
        for host in self.host_names:
            sdk.load("pulumi_cloudflare.workers_route").WorkersRoute(
                f"{name}-{record_name(host, settings.zone)}-route",
                zone_id=zone.zone_id,
                pattern=f"{host}/*",
                script=script.script_name,
                opts=pulumi.ResourceOptions(parent=self),
            )
