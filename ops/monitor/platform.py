"""What the platform says of an app: how many instances run, and how much they use."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

from fly.errors import FlyError
from ops.clouds.digitalocean import DigitalOcean
from ops.errors import OperationError
from ops.monitor.seen import Reading
from ops.surroundings import Surroundings


def on_fly(surroundings: Surroundings, app: str) -> Iterator[Reading]:
    """Machines that run and are not cordoned: those that take requests."""
    try:
        with surroundings.fly() as facts:
            machines = [machine for machine in asyncio.run(facts.machines(app)) if machine.serves]
    except FlyError as error:
        yield "machines", None, str(error)
        return
    running = [machine for machine in machines if machine.state == "started" and not machine.cordoned]
    others = sorted(f"{machine.id} is {machine.state}" for machine in machines if machine not in running)
    yield "machines", float(len(running)), ", ".join(others)


def on_app_platform(surroundings: Surroundings, app: str) -> Iterator[Reading]:
    """Replicas that are ready, and the use of the component that uses most."""
    try:
        cloud = DigitalOcean(surroundings.environment)
        health = cloud.health(cloud.app_named(app).id)
    except OperationError as error:
        yield from ((measure, None, str(error)) for measure in ("machines", "memory", "cpu"))
        return
    yield "machines", float(sum(component.replicas_ready for component in health)), ""
    yield "memory", max((component.memory_usage_percent for component in health), default=None), ""
    yield "cpu", max((component.cpu_usage_percent for component in health), default=None), ""


def ingress(surroundings: Surroundings, app: str, *, fly: bool) -> str:
    """The host under which the platform serves the app. Raises OperationError."""
    if fly:
        return f"{app}.fly.dev"
    found = DigitalOcean(surroundings.environment).app_named(app).default_ingress
    return found.removeprefix("https://").rstrip("/")
