"""An App Platform app."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from sandbox import paths
from sandbox.deployment_history import pinned
from sandbox.digitalocean.app_databases import database_faults
from sandbox.digitalocean.app_secrets import encrypt_secrets
from sandbox.digitalocean.app_sizes import SINGLE_INSTANCE, SIZES, SMALLEST
from sandbox.digitalocean.project import default_project
from sandbox.digitalocean.regions import APP_REGIONS
from sandbox.errors import CloudError
from sandbox.resource import Form, OneOf, Problem, Request, ResourceType, Rule, Span
from sandbox.store import Document
from sandbox.values import Properties

COMPONENTS = ("services", "workers", "jobs", "functions", "staticSites")
_PROBED = ("services[*].healthCheck", "services[*].livenessHealthCheck", "workers[*].livenessHealthCheck")
_ALERTING = ("services", "workers", "jobs", "functions")
DEFAULT_PORT = 8080


def _each(holders: Iterable[str], rules: Mapping[str, Rule]) -> dict[str, Rule]:
    return {f"spec.{holder}.{name}": rule for holder in holders for name, rule in rules.items()}


_ENV = {
    "scope": OneOf(("UNSET", "RUN_TIME", "BUILD_TIME", "RUN_AND_BUILD_TIME")),
    "type": OneOf(("GENERAL", "SECRET")),
}
_ENV_HOLDERS = ("envs[*]", *(f"{component}[*].envs[*]" for component in COMPONENTS))

_CREDENTIALS = (
    *(f"spec.{component}[*].image.registryCredentials" for component in ("services", "workers", "jobs")),
    *(f"spec.{component}[*].logDestinations[*].openSearch.basicAuth.password" for component in _ALERTING),
)

_CHECKS: dict[str, Rule] = {
    "spec.name": Form(r".{2,32}", "a name of 2 to 32 characters"),
    "spec.domainNames[*].type": OneOf(("DEFAULT", "PRIMARY", "ALIAS")),
    "spec.egresses[*].type": OneOf(("AUTOASSIGN", "DEDICATED_IP")),
    "spec.alerts[*].rule": OneOf(
        (
            "DEPLOYMENT_FAILED",
            "DEPLOYMENT_LIVE",
            "DEPLOYMENT_STARTED",
            "DEPLOYMENT_CANCELED",
            "DOMAIN_FAILED",
            "DOMAIN_LIVE",
            "AUTOSCALE_FAILED",
            "AUTOSCALE_SUCCEEDED",
        )
    ),
    "spec.jobs[*].kind": OneOf(("UNSPECIFIED", "PRE_DEPLOY", "POST_DEPLOY", "FAILED_DEPLOY")),
    **_each(_ENV_HOLDERS, _ENV),
    **_each(
        (f"{component}[*].alerts[*]" for component in _ALERTING),
        {
            "rule": OneOf(("UNSPECIFIED_RULE", "CPU_UTILIZATION", "MEM_UTILIZATION", "RESTART_COUNT")),
            "operator": OneOf(("UNSPECIFIED_OPERATOR", "GREATER_THAN", "LESS_THAN")),
            "window": OneOf(("UNSPECIFIED_WINDOW", "FIVE_MINUTES", "TEN_MINUTES", "THIRTY_MINUTES", "ONE_HOUR")),
            "value": Span(0, float("inf")),
        },
    ),
    **_each(
        ("alerts[*]", *(f"{component}[*].alerts[*]" for component in _ALERTING)),
        {"destinations.emails[*]": Form(r".{3,100}", "an email address of 3 to 100 characters")},
    ),
    **_each(_PROBED, {"port": Span(1, 65535)}),
    **_each(
        ("services[*]", "workers[*]"),
        {
            "autoscaling.minInstanceCount": Span(1, float("inf")),
            "autoscaling.maxInstanceCount": Span(1, float("inf")),
            "autoscaling.metrics.cpu.percent": Span(1, 100),
        },
    ),
    **_each(("services[*]", "workers[*]", "jobs[*]"), {"termination.gracePeriodSeconds": Span(1, 600)}),
    "spec.services[*].termination.drainSeconds": Span(1, 110),
    **_each(
        ("services[*]", "workers[*]", "jobs[*]"),
        {"image.registryType": OneOf(("UNSPECIFIED", "DOCKER_HUB", "DOCR", "GHCR"))},
    ),
}

_LIMITS: dict[str, Rule] = {
    "spec.name": Form(r"[a-z][a-z0-9-]{0,30}[a-z0-9]", "lower-case letters, digits and dashes, starting with a letter"),
    "spec.region": APP_REGIONS,
    **_each(("services[*]", "workers[*]", "jobs[*]"), {"instanceSizeSlug": SIZES, "instanceCount": Span(1, 250)}),
    **_each(
        _PROBED,
        {
            "initialDelaySeconds": Span(0, 3600),
            "periodSeconds": Span(1, 300),
            "timeoutSeconds": Span(1, 120),
            "successThreshold": Span(1, 50),
            "failureThreshold": Span(1, 50),
        },
    ),
    "spec.services[*].livenessHealthCheck.successThreshold": Span(1, 1),
    **_each(_ENV_HOLDERS, {"key": Form(r"[_A-Za-z][_A-Za-z0-9]*", "letters, digits and _, not starting with a digit")}),
}


def _problems(properties: Properties) -> Iterable[Problem]:
    spec = properties.get("spec")
    if isinstance(spec, dict) and spec.get("domains") and spec.get("domainNames"):
        yield Problem("spec.domains", "conflicts with spec.domainNames; keep domainNames, domains is deprecated")


def _refuse(request: Request) -> None:
    spec = request.document.get("spec")
    if not spec:
        raise CloudError(400, "spec is required")
    name = spec["name"]
    if request.old is not None and pinned(request.store, request.id):
        raise CloudError(409, "the app is pinned to a rollback; commit or revert it before another deployment")
    if any(other["spec"]["name"] == name for _, other in request.others()):
        raise CloudError(
            409, f"app name {name!r} is already in use in this account; adopt that app or use another name"
        )
    for reason in (*_spec_faults(spec), *_component_faults(spec), *database_faults(request.store, spec)):
        raise CloudError(400, f"error validating app spec: {reason}")


def _spec_faults(spec: Document) -> Iterator[str]:
    domains = spec.get("domainNames") or []
    primary = [domain["name"] for domain in domains if domain.get("type") == "PRIMARY"]
    if domains and len(primary) != 1:
        found = ", ".join(primary) or "none"
        yield f"field domains: exactly one domain must be PRIMARY, found {found}"
    if not any(spec.get(component) for component in (*COMPONENTS, "databases")):
        yield "an app needs at least one component; add a service"
    names = [component["name"] for _, component in components(spec)]
    for repeated in sorted({name for name in names if names.count(name) > 1}):
        yield f"component name {repeated!r} is used twice"


def _component_faults(spec: Document) -> Iterator[str]:
    for kind, component in components(spec):
        where = f"field {kind}[{component['name']}]"
        keys = [env.get("key") for env in component.get("envs") or []]
        for repeated in sorted({str(key) for key in keys if keys.count(key) > 1}):
            yield f"{where}.envs: {repeated} is defined twice"
        size, scaling = component.get("instanceSizeSlug", SMALLEST), component.get("autoscaling")
        if size in SINGLE_INSTANCE and (component.get("instanceCount") or 1) > 1:
            yield f"{where}.instance_count: size {size} allows one instance only; use apps-s-1vcpu-1gb or larger"
        if not scaling:
            continue
        if component.get("instanceCount"):
            yield f"{where}: instance_count and autoscaling exclude each other; remove one"
        if not size.startswith("apps-d-"):
            yield f"{where}.autoscaling: size {size} is shared; autoscaling needs a dedicated size (apps-d-…)"
        if scaling["minInstanceCount"] > scaling["maxInstanceCount"]:
            yield f"{where}.autoscaling: min_instance_count is larger than max_instance_count"


def components(spec: Document) -> Iterator[tuple[str, Document]]:
    """Every component of a spec with the name of its list."""
    for kind in COMPONENTS:
        for component in spec.get(kind) or []:
            yield kind, component


def _fill(request: Request) -> None:
    app = request.document
    spec = app["spec"]
    spec.setdefault("region", "nyc")
    for kind, component in components(spec):
        if kind in ("services", "workers", "jobs"):
            component.setdefault("instanceSizeSlug", SMALLEST)
        if kind == "services":
            component.setdefault("httpPort", DEFAULT_PORT)
    _fill_ingress(spec)
    for env in [env for _, env in _envs(spec)]:
        env.setdefault("type", "GENERAL")
    encrypt_secrets(request, [env for _, env in _envs(spec)])
    if request.old is None:
        letters = "".join(chr(ord("a") + int(digit, 16)) for digit in request.vault.digest("host", request.id)[:5])
        app["defaultIngress"] = f"https://{spec['name']}-{letters}.ondigitalocean.app"
        app["appUrn"] = f"do:app:{request.id}"
        app["createdAt"] = _go_time(request.now)
        app["activeDeploymentId"] = ""
        app.setdefault("projectId", default_project(request))
        app.setdefault("dedicatedIps", [])
    domains = spec.get("domainNames") or []
    primary = next((domain["name"] for domain in domains if domain.get("type") == "PRIMARY"), "")
    app["liveUrl"] = f"https://{primary}" if primary else app["defaultIngress"]
    app["liveDomain"] = app["liveUrl"].removeprefix("https://")
    app["updatedAt"] = _go_time(request.now)


def _fill_ingress(spec: Document) -> None:
    if paths.lookup(spec, ("ingress", "rules")):
        return
    routed = [component for kind, component in components(spec) if kind in ("services", "staticSites")]
    if routed:
        rule = {"component": {"name": routed[0]["name"]}, "match": {"path": {"prefix": "/"}}}
        spec["ingress"] = {**(spec.get("ingress") or {}), "rules": [rule]}


def _envs(spec: Document) -> Iterator[tuple[str, Document]]:
    for env in spec.get("envs") or []:
        yield "envs", env
    for kind, component in components(spec):
        for env in component.get("envs") or []:
            yield kind, env


def _go_time(now: str) -> str:
    return now.replace("T", " ").replace("Z", " +0000 UTC")


APP = ResourceType(
    pulumi_type="digitalocean:index/app:App",
    title="App",
    url="v2/apps",
    named="spec.name",
    checks=_CHECKS,
    problems=_problems,
    limits=_LIMITS,
    refuse=_refuse,
    fill=_fill,
    replaces=("projectId",),
    sets=(
        "spec.features",
        "spec.domains",
        "spec.services[*].internalPorts",
        *(f"spec.{holder.removesuffix('[*]')}" for holder in _ENV_HOLDERS),
        *(
            f"spec.{holder}.cors.{name}"
            for holder in ("services[*]", "staticSites[*]", "functions[*]", "ingress.rules[*]")
            for name in ("allowMethods", "allowHeaders", "exposeHeaders")
        ),
    ),
    defaults={
        "deploymentPerPage": 20,
        "spec.jobs[*].kind": "UNSPECIFIED",
        **{f"spec.{holder}.scope": "RUN_AND_BUILD_TIME" for holder in _ENV_HOLDERS},
    },
    computed=(
        "projectId",
        "dedicatedIps",
        "spec.region",
        "spec.domainNames",
        "spec.domainNames[*].type",
        "spec.domainNames[*].wildcard",
        "spec.features",
        "spec.domains",
        "spec.ingress",
        "spec.ingress.rules",
        "spec.services[*].httpPort",
        "spec.services[*].routes",
        "spec.services[*].internalPorts",
        *(
            f"spec.{component}[*].{name}"
            for component in ("services", "workers", "jobs")
            for name in ("instanceSizeSlug", "image.deployOnPushes")
        ),
        *(f"spec.{holder}.type" for holder in _ENV_HOLDERS),
    ),
    secrets=(*(f"spec.{holder}.value" for holder in _ENV_HOLDERS), *_CREDENTIALS),
    write_only=_CREDENTIALS,
)
