"""How the internet reaches an app: DNS records at Cloudflare, and the Worker where Cloudflare stands in front."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pulumi
from pydantic import SecretStr

from components import sdk
from components.worker_script import worker_source
from components.zone_edge import ZoneEdge
from planning.app_platform import EDGE_HEADER
from planning.edge import FORWARD, cache_binding, record_name, worker_name
from settings.edge import Edge as EdgeSettings
from settings.edge_rules import EdgeWorker


class Edge(pulumi.ComponentResource):
    """The DNS records of a system's domains in a Cloudflare zone, and its Workers there.

    Type token `slipway:index:Edge`. Owns one `cloudflare.DnsRecord` a domain, with the two that prove it to Fly.io
    where the app runs there, one for each further record, one `WorkersScript` for each Worker with a `WorkersRoute` for
    each of its routes, and in front of App Platform in mode `cloudflare` one Worker more with a route a domain. Costs
    nothing on Cloudflare's free plan (100,000 Worker requests a day included, 2026-08).

    What holds for the whole zone is components/zone_edge.py's, whose zone is passed in; without one the zone is looked
    up and stays with its owner: DNSSEC (App Platform serves no domain whose zone has it), CAA records (they must allow
    letsencrypt.org and pki.goog).
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
        zone: ZoneEdge | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("slipway:index:Edge", name, None, opts)
        self._environment = environment
        if zone:
            self._zone_id, self._account_id = zone.zone_id, zone.account_id
        else:
            # The SDK's types ask for `match`, which decides nothing where only one thing is to be matched.
            found = sdk.load("pulumi_cloudflare.get_zone").get_zone_output(
                filter={"name": settings.zone, "match": "all"}
            )
            self._zone_id, self._account_id = found.zone_id, found.account.id
        self.host_names = [domain.name for domain in sorted(settings.domains, key=lambda d: d.role != "primary")]
        proxied = settings.mode == "cloudflare"
        for host in self.host_names:
            sdk.load("pulumi_cloudflare.dns_record").DnsRecord(
                f"{name}-{record_name(host, settings.zone)}",
                zone_id=self._zone_id,
                name=host,
                type="CNAME",
                content=ingress_host,
                ttl=settings.record_ttl,
                proxied=proxied,
                opts=pulumi.ResourceOptions(parent=self),
            )
            if host in validations:
                self._validation(name, settings, host, validations[host])
        if proxied and origin_secret is not None:
            self._forward(name, settings, ingress_host, origin_secret)
        for label, record in settings.records.items():
            sdk.load("pulumi_cloudflare.dns_record").DnsRecord(
                f"{name}-record-{label}",
                zone_id=self._zone_id,
                name=record.name,
                type=record.type,
                content=record.content,
                ttl=record.seconds,
                proxied=record.proxied,
                priority=record.priority,
                opts=pulumi.ResourceOptions(parent=self),
            )
        for label, worker in settings.workers.items():
            self._worker(f"{name}-{label}", worker)
        self.register_outputs({"hostNames": self.host_names})

    def _validation(
        self,
        name: str,
        settings: EdgeSettings,
        host: str,
        records: pulumi.Output[dict[str, dict[str, str]]],
    ) -> None:
        """The records by which a platform sees that a domain is ours; it renews the certificate by them as well."""
        for role in ("acme", "ownership"):
            record = records[role]
            sdk.load("pulumi_cloudflare.dns_record").DnsRecord(
                f"{name}-{record_name(host, settings.zone)}-{role}",
                zone_id=self._zone_id,
                name=record["name"],
                type=record["type"],
                content=record["value"],
                ttl=1,
                proxied=False,
                opts=pulumi.ResourceOptions(parent=self),
            )

    def _worker(self, name: str, worker: EdgeWorker) -> None:
        limits = {"limits": {"cpu_ms": worker.cpu_ms}} if worker.cpu_ms else {}
        script = self._script(
            name,
            worker_name(name, self._environment),
            worker.script,
            [
                {"name": variable, "type": "plain_text", "text": value}
                for variable, value in sorted(worker.variables.items())
            ],
            **limits,
        )
        for number, pattern in enumerate(worker.routes, 1):
            self._route(f"{name}-route-{number}", pattern, script)

    def _script(self, name: str, physical: str, folder: str, bindings: list[dict[str, Any]], **more: Any) -> Any:
        return sdk.load("pulumi_cloudflare.workers_script").WorkersScript(
            f"{name}-worker",
            account_id=self._account_id,
            script_name=physical,
            content=worker_source(folder),
            main_module="worker.mjs",
            compatibility_date="2026-01-01",
            # In the order of their names, as the API gives them back: the provider compares them as a list.
            bindings=bindings,
            **more,
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _route(self, name: str, pattern: str, script: Any) -> None:
        sdk.load("pulumi_cloudflare.workers_route").WorkersRoute(
            name,
            zone_id=self._zone_id,
            pattern=pattern,
            script=script.script_name,
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _forward(
        self, name: str, settings: EdgeSettings, ingress_host: pulumi.Input[str], origin_secret: SecretStr
    ) -> None:
        """App Platform answers only to its default host name, so a Worker puts that into each request."""
        script = self._script(
            name,
            worker_name(name, self._environment),
            FORWARD,
            [
                {"name": "CACHE", "type": "plain_text", "text": cache_binding(settings)},
                {"name": "ORIGIN_HEADER", "type": "plain_text", "text": EDGE_HEADER},
                {"name": "ORIGIN_HOST", "type": "plain_text", "text": ingress_host},
                {
                    "name": "ORIGIN_SECRET",
                    "type": "secret_text",
                    "text": pulumi.Output.secret(origin_secret.get_secret_value()),
                },
            ],
        )
        for host in self.host_names:
            self._route(f"{name}-{record_name(host, settings.zone)}-route", f"{host}/*", script)
