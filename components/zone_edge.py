"""A zone at Cloudflare as a whole: its rulesets, its settings, its caches, its health check and alerts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pulumi
from pydantic import SecretStr

from components import sdk
from components.entry_points import EntryPoint, entry_points
from planning.edge import health_check_values, zone_label, zone_setting_values
from planning.edge_expression import secret_mark, with_secrets
from planning.edge_rulesets import Rule, Ruleset, ZonePlan
from planning.naming import physical_name
from settings.edge_zone import EdgeAlerts, ZoneSettings


class ZoneEdge(pulumi.ComponentResource):
    """What a stack has in one zone, for all of its systems together.

    Type token `slipway:index:ZoneEdge`. Owns one `cloudflare.Ruleset` a phase with rules in it, since a zone has one
    entry point a phase; where one system settles the zone also a `ZoneSetting` each, `ArgoTieredCaching`,
    `TieredCache` and `ArgoSmartRouting`, `Healthcheck`, `NotificationPolicyWebhooks` and `NotificationPolicy`; and the
    `Zone` where the settings say to create it, protected, since its removal takes all records with it. Records and
    Workers belong to the systems (components/edge.py). Costs the zone's plan, see settings/edge_plan.py.

    An entry point that exists is taken over only where the settings name it (components/entry_points.py). What the plan
    does not have and is done otherwise is said as a warning of the engine.
    """

    zone_id: pulumi.Input[str]
    account_id: pulumi.Input[str]
    deployed: dict[str, Any]
    """What the next run has to know: the ids of the rulesets by phase, and whether all are settled."""

    def __init__(
        self,
        plan: ZonePlan,
        *,
        environment: str,
        secrets: Mapping[str, Mapping[str, SecretStr]],
        deployed: Mapping[str, str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        self._name = zone_label(plan.zone)
        super().__init__("slipway:index:ZoneEdge", self._name, None, opts)
        self._child = pulumi.ResourceOptions(parent=self)
        self._plan, self._environment = plan, environment
        self._secrets = secrets
        for fallback in plan.fallbacks:
            pulumi.log.warn(str(fallback), self)
        settings = plan.settings or ZoneSettings()
        existing: Mapping[str, EntryPoint] = {}
        if settings.create_in:
            self._create(settings.create_in)
        else:
            # Awaited at once: whether a ruleset is created or taken over must be known before it is registered.
            zone = sdk.load("pulumi_cloudflare.get_zone").get_zone(filter={"name": plan.zone, "match": "all"})
            self.zone_id, self.account_id = zone.zone_id, zone.account.id
            existing = entry_points(plan, zone.zone_id, settings.adopt, deployed, self._ruleset_name)
        ids = {ruleset.phase: self._ruleset(ruleset, existing.get(ruleset.phase)) for ruleset in plan.rulesets}
        if plan.settings:
            self._settle(plan.settings)
        settled = not any(point.taken_over for point in existing.values())
        self.deployed = {"rulesets": ids, "settled": settled}
        self.register_outputs({"zone": plan.zone, "plan": plan.plan, "zoneId": self.zone_id, "rulesets": ids})

    @property
    def _ruleset_name(self) -> str:
        return physical_name("slipway", self._environment, limit=50)

    def _create(self, account: str) -> None:
        zone = sdk.load("pulumi_cloudflare.zone").Zone(
            f"{self._name}-zone",
            account={"id": account},
            name=self._plan.zone,
            type="full",
            opts=pulumi.ResourceOptions(parent=self, protect=True),
        )
        self.zone_id, self.account_id = zone.id, account

    def _ruleset(self, ruleset: Ruleset, existing: EntryPoint | None) -> pulumi.Output[str]:
        opts = self._child
        if existing and existing.adopted:
            opts = pulumi.ResourceOptions(
                parent=self,
                import_=f"zones/{self.zone_id}/{existing.id}",
                # What is imported must be what is there; the next run puts this project's rules in.
                ignore_changes=["rules", "description"] if existing.taken_over else None,
            )
        made = sdk.load("pulumi_cloudflare.ruleset").Ruleset(
            f"{self._name}-{ruleset.phase.replace('_', '-')}",
            zone_id=self.zone_id,
            kind="zone",
            phase=ruleset.phase,
            # A new name would replace the ruleset.
            name=existing.name if existing else self._ruleset_name,
            rules=[self._rule(rule) for rule in ruleset.rules],
            opts=opts,
        )
        ids: pulumi.Output[str] = made.id
        return ids

    def _rule(self, rule: Rule) -> Rule:
        """The rule with the secrets of its system in its expression."""
        owner = self._secrets.get(rule["ref"].partition("_")[0], {})
        values = {
            name: value.get_secret_value() for name, value in owner.items() if secret_mark(name) in rule["expression"]
        }
        if not values:
            return rule
        return {**rule, "expression": pulumi.Output.secret(with_secrets(rule["expression"], values))}

    @property
    def _settling(self) -> Mapping[str, SecretStr]:
        """The secrets of the system that settles the zone."""
        return next(self._secrets[system.name] for system in self._plan.systems if system.edge.zone_settings)

    def _settle(self, zone: ZoneSettings) -> None:
        for setting, value in zone_setting_values(zone, self._plan.plan).items():
            sdk.load("pulumi_cloudflare.zone_setting").ZoneSetting(
                f"{self._name}-{setting.replace('_', '-')}",
                zone_id=self.zone_id,
                setting_id=setting,
                value=value,
                opts=self._child,
            )
        self._caches(zone)
        if zone.health_check:
            sdk.load("pulumi_cloudflare.healthcheck").Healthcheck(
                f"{self._name}-health",
                zone_id=self.zone_id,
                name=physical_name(self._name, self._environment, limit=60),
                **health_check_values(zone.health_check),
                opts=self._child,
            )
        if zone.alerts:
            self._alerts(zone.alerts)

    def _caches(self, zone: ZoneSettings) -> None:
        tiered = sdk.load("pulumi_cloudflare.argo_tiered_caching").ArgoTieredCaching(
            f"{self._name}-tiered-caching",
            zone_id=self.zone_id,
            value="off" if zone.tiered_cache == "off" else "on",
            opts=self._child,
        )
        if zone.tiered_cache != "off":
            sdk.load("pulumi_cloudflare.tiered_cache").TieredCache(
                f"{self._name}-tiered-cache",
                zone_id=self.zone_id,
                value="on" if zone.tiered_cache == "smart" else "off",
                # The API refuses a topology while tiered caching is off.
                opts=pulumi.ResourceOptions(parent=self, depends_on=[tiered]),
            )
        if zone.argo:
            sdk.load("pulumi_cloudflare.argo_smart_routing").ArgoSmartRouting(
                f"{self._name}-argo", zone_id=self.zone_id, value="on", opts=self._child
            )

    def _alerts(self, alerts: EdgeAlerts) -> None:
        mechanisms: dict[str, Any] = {}
        if alerts.webhook_secret:
            webhook = sdk.load("pulumi_cloudflare.notification_policy_webhooks").NotificationPolicyWebhooks(
                f"{self._name}-webhook",
                account_id=self.account_id,
                name=physical_name(self._name, self._environment, limit=60),
                url=pulumi.Output.secret(self._settling[alerts.webhook_secret].get_secret_value()),
                opts=self._child,
            )
            mechanisms["webhooks"] = [{"id": webhook.id}]
        if alerts.emails:
            mechanisms["emails"] = [{"id": email} for email in sorted(alerts.emails)]
        for kind in sorted(alerts.kinds):
            sdk.load("pulumi_cloudflare.notification_policy").NotificationPolicy(
                f"{self._name}-{kind.replace('_', '-')}",
                account_id=self.account_id,
                name=physical_name(f"{self._name}-{kind}", self._environment, limit=100),
                alert_type=kind,
                enabled=True,
                mechanisms=mechanisms,
                opts=self._child,
            )
