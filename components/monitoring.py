"""Checks from outside, with alerts, on DigitalOcean."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pulumi
from pydantic import SecretStr

from components import sdk
from planning.monitoring import Alert, alerts, certificate_probe
from planning.naming import physical_name
from settings.monitoring import Monitoring as MonitoringSettings
from settings.monitoring import Notify

_NAME_LIMIT = 63


class Monitoring(pulumi.ComponentResource):
    """One uptime check a probe, with an alert for each way that it can go wrong.

    Type token `slipway:index:Monitoring`. Owns `digitalocean.UptimeCheck` `<name>-<probe>` and
    `digitalocean.UptimeAlert` `<name>-<probe>-<role>`. Limits on memory and CPU are part of the app's spec. One uptime
    check is free per account, each further one costs 1 dollar a month (DigitalOcean pricing page, 2026-08).
    """

    check_ids: dict[str, pulumi.Output[str]]
    """The uptime checks' ids by probe."""

    def __init__(
        self,
        name: str,
        settings: MonitoringSettings,
        *,
        environment: str,
        base_url: pulumi.Input[str],
        secrets: Mapping[str, SecretStr],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("slipway:index:Monitoring", name, None, opts)
        notifications = [_notification(settings.notify, secrets)]
        self.check_ids = {}
        for probe_name, probe in sorted(settings.probes.items()):
            logical = f"{name}-{probe_name}"
            check = sdk.load("pulumi_digitalocean.uptime_check").UptimeCheck(
                logical,
                name=physical_name(logical, environment, limit=_NAME_LIMIT),
                target=pulumi.Output.concat(base_url, probe.path),
                type="https",
                regions=sorted(settings.regions),
                enabled=True,
                opts=pulumi.ResourceOptions(parent=self),
            )
            self.check_ids[probe_name] = check.id
            watches_certificate = probe_name == certificate_probe(settings)
            for alert in alerts(settings, probe, certificate=watches_certificate):
                self._alert(logical, environment, check.id, alert, notifications)
        self.register_outputs({"checkIds": self.check_ids})

    def _alert(
        self, probe: str, environment: str, check_id: pulumi.Output[str], alert: Alert, notifications: list[Any]
    ) -> None:
        logical = f"{probe}-{alert.role}"
        sdk.load("pulumi_digitalocean.uptime_alert").UptimeAlert(
            logical,
            name=physical_name(logical, environment, limit=_NAME_LIMIT),
            check_id=check_id,
            type=alert.type,
            period=alert.period,
            threshold=alert.threshold,
            comparison=alert.comparison,
            notifications=notifications,
            opts=pulumi.ResourceOptions(parent=self),
        )


def _notification(notify: Notify, secrets: Mapping[str, SecretStr]) -> dict[str, Any]:
    notification: dict[str, Any] = {}
    if notify.emails:
        notification["emails"] = sorted(notify.emails)
    if notify.slack:
        url = pulumi.Output.secret(secrets[notify.slack.webhook_secret].get_secret_value())
        notification["slacks"] = [{"channel": notify.slack.channel, "url": url}]
    return notification
