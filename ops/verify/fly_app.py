"""The apps of a system on Fly.io: machines, their checks, certificates."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Any

from fly.config import FlyConfig
from fly.errors import FlyError, NotFound
from fly.facts import Facts
from fly.models.machine import Machine
from fly.release.health import not_healthy, serving
from ops.deployment.release import fly_apps
from ops.verify.check import Check, failed, judged, ok
from settings.fly_system import FlySystem

Resources = list[Mapping[str, Any]]
"""The resources of a state."""

ISSUED = "active"
"""What a certificate that is in use is called (flyctl 0.4.80, internal/command/certificates)."""


async def fly_checks(
    facts: Facts, name: str, system: FlySystem, environment: str, resources: Resources
) -> AsyncIterator[Check]:
    """Every app of the system, compared with what the engine's state says was released."""
    released = {
        str(resource["outputs"]["app"]): resource["outputs"]
        for resource in resources
        if resource["type"] == "fly:index:Release"
    }
    for app in fly_apps(system, environment).values():
        if app not in released:
            yield failed(name, "instances", f"{app} has no release in the state; deploy it first")
            continue
        try:
            machines = await facts.machines(app)
        except NotFound:
            yield failed(name, "instances", f"there is no app {app}")
            continue
        except FlyError as error:
            yield failed(name, "instances", str(error))
            continue
        yield _instances(name, app, machines, released[app])
        yield _checks(name, app, machines, FlyConfig.model_validate(released[app]["config"]))


async def fly_certificates(facts: Facts, name: str, app: str, hosts: tuple[str, ...]) -> AsyncIterator[Check]:
    """The certificate of every domain that Fly.io serves itself."""
    for host in hosts:
        try:
            certificate = await facts.certificate(app, host)
        except NotFound:
            yield failed(name, "certificates", f"{app} has no certificate for {host}")
            continue
        except FlyError as error:
            yield failed(name, "certificates", str(error))
            continue
        if certificate.status == ISSUED:
            yield ok(name, "certificates", f"{host} is {certificate.status}")
        else:
            wanted = certificate.dns_requirements.cname or f"{app}.fly.dev"
            yield failed(
                name,
                "certificates",
                f"{host} is {certificate.status or 'in no known state'}; its DNS must say CNAME {wanted}",
            )


def _instances(name: str, app: str, machines: list[Machine], release: Mapping[str, Any]) -> Check:
    config = FlyConfig.model_validate(release["config"])
    ours = serving(machines, config)
    troubles = []
    for region, wanted in sorted(release["counts"].items()):
        here = sum(machine.region == region for machine in ours)
        if here != wanted:
            troubles.append(f"{app} has {here} machines in {region}, {wanted:g} are wanted")
    images = sorted({machine.image_ref.pinned() for machine in ours})
    if images and images != [release["deployedImage"]]:
        troubles.append(f"{app} runs {', '.join(images)} instead of {release['deployedImage']}")
    cordoned = [machine.id for machine in ours if machine.cordoned]
    if cordoned:
        troubles.append(f"{app} keeps traffic from {', '.join(cordoned)}")
    started = sum(machine.state == "started" for machine in ours)
    return judged(name, "instances", troubles, f"{app}: {started} of {len(ours)} machines started")


def _checks(name: str, app: str, machines: list[Machine], config: FlyConfig) -> Check:
    troubles = [f"{app}: {trouble}" for trouble in not_healthy(machines, config)]
    count = sum(len(machine.results) for machine in serving(machines, config) if machine.state == "started")
    return judged(name, "checks", troubles, f"{app}: {count} pass")
