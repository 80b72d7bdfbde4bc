"""The App Platform spec of a system, as the DigitalOcean provider takes it (snake_case keys).

Property names and enums: pulumi-digitalocean 4.84 and the API's app spec reference, read 2026-11.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from planning.mark import MARK
from planning.naming import physical_name
from planning.thresholds import limits
from settings.app_platform import AppPlatformApp, Check, Cors, NodeBuild, ReadinessCheck
from settings.digitalocean_system import ORIGIN_SECRET, DigitalOceanSystem
from settings.duration import whole_seconds
from settings.edge import Edge
from settings.monitoring import Monitoring, Notify

Spec = dict[str, Any]

NAME_LIMIT: Final = 32
"""The longest app name (Terraform provider, digitalocean/app/app_spec.go, 2026-08)."""

COMPONENT: Final = "web"
"""The one service in the spec."""

EDGE_HEADER: Final = "x-slipway-edge"
"""The header by which the app's ingress knows requests that came through Cloudflare."""

_EVENTS: Final = ("DEPLOYMENT_FAILED", "DOMAIN_FAILED")
_RULES: Final = {"memory": "MEM_UTILIZATION", "cpu": "CPU_UTILIZATION"}

_SCOPES: Final = {"run_time": "RUN_TIME", "run_and_build_time": "RUN_AND_BUILD_TIME"}


def app_name(system: DigitalOceanSystem, environment: str) -> str:
    return physical_name(system.app.name, environment, limit=NAME_LIMIT)


def app_spec(
    system: DigitalOceanSystem,
    environment: str,
    secrets: Mapping[str, Any],
    *,
    mark: Any,
    given: Mapping[str, Any] | None = None,
    given_secrets: Sequence[str] = (),
    network: Any = None,
) -> Spec:
    """The whole spec. `secrets` maps each of the system's secret names to a value of any type, passed on unseen.

    Data services give the variables `given`, those of the secrets that `given_secrets` names, and the id of the private
    `network` that they are in.
    """
    app, edge, monitoring = system.app, system.edge, system.monitoring
    destinations = _destinations(monitoring.notify, secrets) if monitoring else None
    proxied = edge is not None and edge.mode == "cloudflare"
    spec: Spec = {
        "name": app_name(system, environment),
        "region": app.region,
        "services": [_service(app, monitoring, destinations, given or {})],
        # Secrets stand in the app-wide list with nothing but their mark: the whole list is left out of comparisons
        # while they are unchanged, so nothing else may hide in it, and the mark must tell what is really deployed.
        "envs": _secret_variables(app, secrets, mark, given_secrets),
        "vpcs": [{"id": network}] if network is not None else [],
        "ingress": _ingress(app, secrets[ORIGIN_SECRET] if proxied else None),
        "alerts": [{"rule": rule, "destinations": destinations} for rule in _EVENTS if destinations],
        "domain_names": _domain_names(edge) if edge and not proxied else [],
    }
    return {key: value for key, value in spec.items() if value != []}


def deployed_mark(spec: Any) -> str:
    """The mark in a spec as the provider gives it back, `""` where there is none."""
    return next((item.value for item in spec.envs or () if item.key == MARK), None) or ""


def marked_settings(monitoring: Monitoring | None) -> str:
    """What the mark covers besides secrets: the alerts, whose destinations the platform never gives back."""
    return monitoring.model_dump_json(include={"notify", "memory_percent", "cpu_percent"}) if monitoring else ""


def never_read_back(spec: Spec) -> list[str]:
    """The paths whose values the provider cannot tell, as `ignore_changes` takes them (it takes no `*` here)."""
    alerts = [("spec", spec), ("spec.services[0]", spec["services"][0])]
    return [
        "spec.envs",
        *(
            f"{holder}.alerts[{index}].destinations"
            for holder, part in alerts
            for index in range(len(part.get("alerts", ())))
        ),
    ]


def build_command(build: NodeBuild) -> str:
    """Activates exactly the package manager named, installs from the frozen lockfile, builds."""
    manager = build.package_manager.partition("@")[0]
    install = {"npm": "npm ci", "pnpm": "pnpm install --frozen-lockfile", "yarn": "yarn install --immutable"}[manager]
    run = "npm run" if manager == "npm" else manager
    return " && ".join(
        [
            "corepack enable",
            f"corepack prepare {build.package_manager} --activate",
            install,
            f"{run} {build.script}",
        ]
    )


def _service(
    app: AppPlatformApp, monitoring: Monitoring | None, destinations: Spec | None, given: Mapping[str, Any]
) -> Spec:
    service: Spec = {
        "name": COMPONENT,
        "environment_slug": "node-js",
        "github": {
            "repo": app.github.repository,
            "branch": app.github.branch,
            "deploy_on_push": app.github.deploy_on_push,
        },
        "build_command": build_command(app.build),
        "run_command": app.run_command,
        "http_port": app.port,
        "instance_size_slug": app.size,
        "health_check": {**_check(app.health), "success_threshold": app.health.successes},
        "termination": {
            "drain_seconds": whole_seconds(app.shutdown.drain),
            "grace_period_seconds": whole_seconds(app.shutdown.grace),
        },
        "envs": _variables({**app.variables, **given}),
    }
    if app.liveness:
        service["liveness_health_check"] = {**_check(app.liveness), "success_threshold": 1}
    if app.autoscaling:
        service["autoscaling"] = {
            "min_instance_count": app.autoscaling.minimum,
            "max_instance_count": app.autoscaling.maximum,
            "metrics": {"cpu": {"percent": app.autoscaling.cpu_percent}},
        }
    else:
        service["instance_count"] = app.instances[1]
    if monitoring and destinations:
        service["alerts"] = [{**alert, "destinations": destinations} for alert in service_alerts(monitoring)]
    return service


def _check(check: Check | ReadinessCheck) -> Spec:
    return {
        "http_path": check.path,
        "initial_delay_seconds": whole_seconds(check.initial_delay),
        "period_seconds": whole_seconds(check.period),
        "timeout_seconds": whole_seconds(check.timeout),
        "failure_threshold": check.failures,
    }


def _variables(values: Mapping[str, Any]) -> list[Spec]:
    return [
        {"key": key, "value": value, "scope": "RUN_TIME", "type": "GENERAL"} for key, value in sorted(values.items())
    ]


def _secret_variables(
    app: AppPlatformApp, secrets: Mapping[str, Any], mark: Any, given_secrets: Sequence[str]
) -> list[Spec]:
    scopes = {name: _SCOPES[variable.scope] for name, variable in app.secrets.items()}
    scopes |= dict.fromkeys(given_secrets, _SCOPES["run_time"])
    return _variables({} if mark == "" else {MARK: mark}) + [
        {"key": name, "value": secrets[name], "scope": scope, "type": "SECRET"}
        for name, scope in sorted(scopes.items())
    ]


def _ingress(app: AppPlatformApp, origin_secret: Any) -> Spec:
    """Longest prefix first, as the platform takes the first rule that matches."""
    rules = [_rule(cors.path, cors) for cors in sorted(app.cors, key=lambda cors: (-len(cors.path), cors.path))]
    if "/" not in {cors.path for cors in app.cors}:
        rules.append(_rule("/", None))
    ingress: Spec = {"rules": rules}
    if origin_secret is not None:
        ingress["secure_header"] = {"key": EDGE_HEADER, "value": origin_secret}
    return ingress


def _rule(path: str, cors: Cors | None) -> Spec:
    rule: Spec = {
        "match": {"path": {"prefix": path}},
        # Without it the platform cuts the prefix off, and /api/health arrives as /health.
        "component": {"name": COMPONENT, "preserve_path_prefix": True},
    }
    if cors:
        rule["cors"] = {
            "allow_origins": _origins(cors.allow_origins),
            "allow_methods": list(cors.allow_methods),
            "allow_headers": list(cors.allow_headers),
            "max_age": f"{whole_seconds(cors.max_age)}s",
        }
    return rule


def _origins(origins: tuple[str, ...]) -> Spec:
    """One origin exactly, or several as one anchored expression: the spec takes a single matcher."""
    if len(origins) == 1:
        return {"exact": origins[0]}
    return {"regex": f"^({'|'.join(re.escape(origin) for origin in sorted(origins))})$"}


def _domain_names(edge: Edge) -> list[Spec]:
    return [
        {"name": domain.name, "type": domain.role.upper()}
        for domain in sorted(edge.domains, key=lambda domain: (domain.role != "primary", domain.name))
    ]


def service_alerts(monitoring: Monitoring) -> list[Spec]:
    """The alerts of the service: those that warn; what is critical the monitor tells."""
    return [
        {"rule": _RULES[limit.name], "operator": "GREATER_THAN", "value": int(limit.value), "window": "FIVE_MINUTES"}
        for limit in limits(monitoring)
        if limit.name in _RULES and limit.severity == "warning"
    ]


def _destinations(notify: Notify, secrets: Mapping[str, Any]) -> Spec:
    destinations: Spec = {}
    if notify.emails:
        destinations["emails"] = sorted(notify.emails)
    if notify.slack:
        url = secrets[notify.slack.webhook_secret]
        destinations["slack_webhooks"] = [{"channel": notify.slack.channel, "url": url}]
    return destinations
