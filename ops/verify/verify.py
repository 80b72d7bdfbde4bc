"""Looks at every system of a stack: what the platforms say, what DNS says, what its users get."""

from __future__ import annotations

import asyncio
from collections.abc import Generator, Iterator

from ops.clouds.cloudflare import Cloudflare
from ops.clouds.digitalocean import DigitalOcean
from ops.clouds.errors import NotThere
from ops.errors import OperationError
from ops.surroundings import Surroundings
from ops.verify.app_platform import app_platform_checks
from ops.verify.check import Check, failed, skipped
from ops.verify.domains import domain_checks
from ops.verify.fly_app import Resources, fly_certificates, fly_checks
from ops.verify.pages import page_checks
from settings.digitalocean_system import DigitalOceanSystem
from settings.fly_system import FlySystem
from settings.system import System


def verify(surroundings: Surroundings, resources: Resources, only: str | None = None) -> list[Check]:
    """Every check of every system, or of one. `resources` are those of the engine's state.

    What a platform refuses to tell is a check that failed. Raises OperationError only for a system that is not there.
    """
    return [
        check
        for name, system in surroundings.systems(only).items()
        for check in _system(surroundings, name, system, resources)
    ]


def _system(surroundings: Surroundings, name: str, system: System, resources: Resources) -> Iterator[Check]:
    try:
        if isinstance(system, FlySystem):
            ingress = f"{surroundings.app_name(system)}.fly.dev"
            yield from asyncio.run(_fly(surroundings, name, system, resources))
        else:
            ingress = yield from _app_platform(surroundings, name, system)
        if system.edge and ingress:
            yield from _domains(surroundings, name, system, ingress)
    except OperationError as error:
        yield failed(name, "platform", str(error))
    try:
        base = surroundings.url(name)
    except OperationError as error:
        yield failed(name, "health", str(error))
    else:
        yield from page_checks(name, system, base)


async def _fly(surroundings: Surroundings, name: str, system: FlySystem, resources: Resources) -> list[Check]:
    with surroundings.fly() as facts:
        found = [check async for check in fly_checks(facts, name, system, surroundings.stack.environment, resources)]
        app = surroundings.app_name(system)
        if system.edge and system.edge.mode == "cloudflare":
            found.append(skipped(name, "certificates", "Cloudflare serves the domains, with certificates of its own"))
        else:
            found += [check async for check in fly_certificates(facts, name, app, system.host_names)]
        return found


def _app_platform(surroundings: Surroundings, name: str, system: DigitalOceanSystem) -> Generator[Check, None, str]:
    """The checks; returns the app's default host name."""
    client = DigitalOcean(surroundings.environment)
    try:
        app = client.app_named(surroundings.app_name(system))
    except NotThere as error:
        yield failed(name, "instances", str(error))
        return ""
    yield from app_platform_checks(name, system, client, app)
    return app.default_ingress.removeprefix("https://").rstrip("/")


def _domains(surroundings: Surroundings, name: str, system: System, ingress: str) -> Iterator[Check]:
    if system.edge:
        client = Cloudflare(surroundings.environment)
        yield from domain_checks(name, system.edge, system.host_names, ingress, client)
