"""The App Platform spec of a system, as the DigitalOcean provider takes it (snake_case keys).

Property names and enums: pulumi-digitalocean 4.84 and the API's app spec reference, read 2026-11.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from planning.naming import physical_name
from settings.app_platform import AppPlatformApp, Check, Cors, NodeBuild, ReadinessCheck, SecretVariable
from settings.duration import whole_seconds
from settings.edge import Edge
from settings.monitoring import Monitoring, Notify
from settings.system import ORIGIN_SECRET, DigitalOceanSystem

Spec = dict[str, Any]

NAME_LIMIT: Final = 32
"""The longest app name (Terraform provider, digitalocean/app/app_spec.go, 2026-08)."""

COMPONENT: Final = "web"
"""The one service in the spec."""

SECRETS_MARK: Final = "SLIPWAY_SECRETS"
"""A plain variable that changes with the secrets, whose own values the platform hides."""

EDGE_HEADER: Final = "x-slipway-edge"
"""The header by which the app's ingress knows requests that came through Cloudflare."""

_EVENTS: Final = ("DEPLOYMENT_FAILED", "DOMAIN_FAILED")

_SCOPES: Final = {"run_time": "RUN_TIME", "run_and_build_time": "RUN_AND_BUILD_TIME"}


def app_name(system: DigitalOceanSystem, environment: str) -> str:
    return physical_name(system.app.name, environment, limit=NAME_LIMIT)


def app_spec(system: DigitalOceanSystem, environment: str, secrets: Mapping[str, Any], *, secrets_mark: str) -> Spec:
    """The whole spec. `secrets` maps each of the system's secret names to a value of any type, passed on unseen."""
    app, edge, monitoring = system.app, system.edge, system.monitoring
    destinations = _destinations(monitoring.notify, secrets) if monitoring else None
    proxied = edge is not None and edge.mode == "cloudflare"
    spec: Spec = {
        "name": app_name(system, environment),
        "region": app.region,
        "services": [_service(app, monitoring, destinations, secrets_mark)],
        # Secrets stand alone in the app-wide list: the platform gives them back encrypted, so the whole list is left
        # out of comparisons while they are unchanged, and nothing else may hide in it.
        "envs": [_secret(name, variable, secrets[name]) for name, variable in sorted(app.secrets.items())],
        "ingress": _ingress(app, secrets[ORIGIN_SECRET] if proxied else None),
        "alerts": [{"rule": rule, "destinations": destinations} for rule in _EVENTS if destinations],
        "domain_names": _domain_names(edge) if edge and not proxied else [],
    }
    return {key: value for key, value in spec.items() if value != []}


def deployed_mark(spec: Any) -> str:
    """The secrets mark in a spec as the provider gives it back, `""` where there is none."""
    found = (item.value for service in spec.services or () for item in service.envs or () if item.key == SECRETS_MARK)
    return next(found, None) or ""


def alerts_mark(monitoring: Monitoring | None) -> str:
    """Twelve hex digits that change with the limits and with who is notified; `""` where nobody is."""
    if monitoring is None:
        return ""
    fields = {"notify", "memory_percent", "cpu_percent"}
    return hashlib.sha256(monitoring.model_dump_json(include=fields).encode()).hexdigest()[:12]


def destination_paths(spec: Spec) -> Iterator[str]:
    """Where alerts name their destinations, as property paths for `ignore_changes` (which takes no `*` here)."""
    for index in range(len(spec.get("alerts", ()))):
        yield f"spec.alerts[{index}].destinations"
    for index in range(len(spec["services"][0].get("alerts", ()))):
        yield f"spec.services[0].alerts[{index}].destinations"


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


def _service(app: AppPlatformApp, monitoring: Monitoring | None, destinations: Spec | None, secrets_mark: str) -> Spec:
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
        "envs": _variables(app, secrets_mark),
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
        service["alerts"] = [{**alert, "destinations": destinations} for alert in _limits(monitoring)]
    return service


def _check(check: Check | ReadinessCheck) -> Spec:
    return {
        "http_path": check.path,
        "initial_delay_seconds": whole_seconds(check.initial_delay),
        "period_seconds": whole_seconds(check.period),
        "timeout_seconds": whole_seconds(check.timeout),
        "failure_threshold": check.failures,
    }


def _variables(app: AppPlatformApp, secrets_mark: str) -> list[Spec]:
    values = dict(app.variables)
    if secrets_mark:
        values[SECRETS_MARK] = secrets_mark
    return [
        {"key": key, "value": value, "scope": "RUN_TIME", "type": "GENERAL"} for key, value in sorted(values.items())
    ]


def _secret(name: str, variable: SecretVariable, value: Any) -> Spec:
    return {"key": name, "value": value, "scope": _SCOPES[variable.scope], "type": "SECRET"}


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


def _limits(monitoring: Monitoring) -> list[Spec]:
    limits = {"MEM_UTILIZATION": monitoring.memory_percent, "CPU_UTILIZATION": monitoring.cpu_percent}
    return [
        {"rule": rule, "operator": "GREATER_THAN", "value": value, "window": "FIVE_MINUTES"}
        for rule, value in limits.items()
        if value is not None
    ]


def _destinations(notify: Notify, secrets: Mapping[str, Any]) -> Spec:
    destinations: Spec = {}
    if notify.emails:
        destinations["emails"] = sorted(notify.emails)
    if notify.slack:
        url = secrets[notify.slack.webhook_secret]
        destinations["slack_webhooks"] = [{"channel": notify.slack.channel, "url": url}]
    return destinations
