"""Apps on DigitalOcean App Platform."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from inventory.app_platform import AppPlatformApp, PlatformAlert, PlatformCheck, PlatformCors
from inventory.reading.family import Family
from inventory.reading.properties import (
    at,
    entries,
    flag,
    mapping,
    number,
    number_or_none,
    present,
    text,
    text_or_none,
    texts,
)
from inventory.resource import Resource
from inventory.unknown import UNKNOWN, Unknown, UnknownValueError, known
from planning.mark import MARK

_MATCHERS: Final = ("exact", "prefix", "regex")


def platform_apps(family: Family) -> tuple[AppPlatformApp, ...]:
    """The apps, by name."""
    return tuple(_app(family, found) for found in family.of("digitalocean:index/app:App"))


def _app(family: Family, resource: Resource) -> AppPlatformApp:
    spec = at(resource.properties, "spec")
    service = at(spec, "services", 0)
    scaling = at(service, "autoscaling")
    count = number(service, "instanceCount", default=1)
    variables, secrets = _variables(spec, service)
    return AppPlatformApp(
        name=resource.name,
        system=family.system(resource),
        protected=resource.protect,
        app=text(spec, "name"),
        region=text(spec, "region"),
        size=text(service, "instanceSizeSlug"),
        minimum=number(scaling, "minInstanceCount", default=1) if scaling else count,
        maximum=number(scaling, "maxInstanceCount", default=1) if scaling else count,
        cpu_percent=number_or_none(scaling, "metrics", "cpu", "percent"),
        port=number_or_none(service, "httpPort"),
        repository=text_or_none(service, "github", "repo"),
        branch=text_or_none(service, "github", "branch"),
        deploys_on_push=flag(service, "github", "deployOnPush"),
        build_command=text_or_none(service, "buildCommand"),
        image=_image(service),
        health=_check(at(service, "healthCheck")),
        liveness=_check(at(service, "livenessHealthCheck")),
        grace_seconds=number_or_none(service, "termination", "gracePeriodSeconds"),
        variables=variables,
        secrets=secrets,
        alerts=_alerts(spec, service),
        cors=_cors(spec),
        domains=_domains(spec),
        shielded=present(spec, "ingress", "secureHeader"),
        networked=present(spec, "vpcs"),
    )


def _check(found: Any) -> PlatformCheck | Unknown | None:
    if found is None or isinstance(found, Unknown):
        return found
    return PlatformCheck(
        path=text(found, "httpPath", default="/"),
        timeout_seconds=number(found, "timeoutSeconds", default=1),
        successes=number(found, "successThreshold", default=1),
        failures=number(found, "failureThreshold", default=9),
    )


def _image(service: Any) -> str | Unknown | None:
    """`sha256:…` or the tag."""
    image = at(service, "image")
    if image is None or isinstance(image, Unknown):
        return image
    return text_or_none(image, "digest") or text(image, "tag", default="latest")


def _variables(
    spec: Any, service: Any
) -> tuple[dict[str, str | Unknown] | Unknown, dict[str, str | Unknown] | Unknown]:
    """The plain variables, and the scopes of the secret ones."""
    plain: dict[str, str | Unknown] = {}
    secrets: dict[str, str | Unknown] = {}
    try:
        for entry in (*known(entries(spec, "envs")), *known(entries(service, "envs"))):
            key = known(text(entry, "key"))
            if known(text(entry, "type", default="GENERAL")) == "SECRET":
                secrets[key] = text(entry, "scope", default="RUN_AND_BUILD_TIME")
            elif key != MARK:
                plain[key] = text(entry, "value")
    except UnknownValueError:
        return UNKNOWN, UNKNOWN
    return plain, secrets


def _alerts(spec: Any, service: Any) -> tuple[PlatformAlert, ...] | Unknown:
    try:
        return tuple(_alert(entry) for entry in _known_alerts(spec, service))
    except UnknownValueError:
        return UNKNOWN


def _known_alerts(spec: Any, service: Any) -> Iterator[Any]:
    for entry in (*known(entries(spec, "alerts")), *known(entries(service, "alerts"))):
        if at(entry, "disabled") is not True:
            yield entry


def _alert(entry: Any) -> PlatformAlert:
    return PlatformAlert(
        rule=text(entry, "rule"), value=number_or_none(entry, "value"), told=present(entry, "destinations")
    )


def _cors(spec: Any) -> tuple[PlatformCors, ...] | Unknown:
    rules = entries(spec, "ingress", "rules")
    if isinstance(rules, Unknown):
        return rules
    return tuple(
        PlatformCors(prefix=text(rule, "match", "path", "prefix"), origins=_origins(at(rule, "cors", "allowOrigins")))
        for rule in rules
        if mapping(rule, "cors")
    )


def _origins(allowed: Any) -> tuple[str | Unknown, ...] | Unknown:
    if isinstance(allowed, Unknown):
        return allowed
    found = {kind: at(allowed, kind) for kind in _MATCHERS}
    return tuple(
        UNKNOWN if isinstance(value, Unknown) else f"{kind}:{value}"
        for kind, value in found.items()
        if value is not None
    )


def _domains(spec: Any) -> tuple[str | Unknown, ...] | Unknown:
    named = entries(spec, "domainNames")
    if isinstance(named, Unknown):
        return named
    return tuple(text(domain, "name") for domain in named) or texts(spec, "domains")
