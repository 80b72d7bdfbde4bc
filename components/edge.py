"""How the internet reaches an app: DNS records at Cloudflare, and the Worker where Cloudflare stands in front."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pulumi
from pydantic import SecretStr

from components import sdk
from planning.app_platform import EDGE_HEADER
from planning.edge import record_name, worker_name, worker_script
from settings.edge import Edge as EdgeSettings


class Edge(pulumi.ComponentResource):
    """The DNS records of a system's domains in an existing Cloudflare zone.

    Type token `slipway:index:Edge`. Owns one `cloudflare.DnsRecord` a domain, with the two that prove it to Fly.io
    where the app runs there, and in front of App Platform in mode `cloudflare` one `WorkersScript` and one
    `WorkersRoute` a domain. Costs nothing on Cloudflare's free plan (100,000 Worker requests a
    day included, 2026-08).

    The zone itself is looked up, never created or changed, so what holds for all of it stays with its owner: the least
    TLS version, DNSSEC (App Platform serves no domain whose zone has it), CAA records (they must allow letsencrypt.org
    and pki.goog). See docs/adr/0004-two-edge-modes.md.
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
        validations: Mapping[str, pulumi.Output[dict[str, dict[str, str]]]],
        origin_secret: SecretStr | None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("slipway:index:Edge", name, None, opts)
        # The SDK's types ask for `match`, which decides nothing where only one thing is to be matched.
        zone = sdk.load("pulumi_cloudflare.get_zone").get_zone_output(filter={"name": settings.zone, "match": "all"})
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
            if host in validations:
                self._validation(name, settings, zone, host, validations[host])
        if proxied and origin_secret is not None:
            self._worker(name, settings, environment, zone, ingress_host, origin_secret)
        self.register_outputs({"hostNames": self.host_names})

    def _validation(
        self,
        name: str,
        settings: EdgeSettings,
        zone: pulumi.Output[Any],
        host: str,
        records: pulumi.Output[dict[str, dict[str, str]]],
    ) -> None:
        """The records by which a platform sees that a domain is ours; it renews the certificate by them as well."""
        for role in ("acme", "ownership"):
            record = records[role]
            sdk.load("pulumi_cloudflare.dns_record").DnsRecord(
                f"{name}-{record_name(host, settings.zone)}-{role}",
                zone_id=zone.zone_id,
                name=record["name"],
                type=record["type"],
                content=record["value"],
                ttl=1,
                proxied=False,
                opts=pulumi.ResourceOptions(parent=self),
            )

    def _worker(
        self,
        name: str,
        settings: EdgeSettings,
        environment: str,
        zone: pulumi.Output[Any],
        ingress_host: pulumi.Input[str],
        origin_secret: SecretStr,
    ) -> None:
        """App Platform answers only to its default host name, so a Worker puts that into each request."""
        script = sdk.load("pulumi_cloudflare.workers_script").WorkersScript(
            f"{name}-worker",
            account_id=zone.account.id,
            script_name=worker_name(name, environment),
            content=worker_script(),
            main_module="worker.mjs",
            compatibility_date="2026-01-01",
            # In the order of their names, as the API gives them back: the provider compares them as a list.
            bindings=[
                {"name": "ORIGIN_HEADER", "type": "plain_text", "text": EDGE_HEADER},
                {"name": "ORIGIN_HOST", "type": "plain_text", "text": ingress_host},
                {
                    "name": "ORIGIN_SECRET",
                    "type": "secret_text",
                    "text": pulumi.Output.secret(origin_secret.get_secret_value()),
                },
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
