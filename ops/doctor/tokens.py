"""Tokens: whether they are there, whether the clouds take them, and what they may read.

Only by changing something could one see that a token may change it, so that is not tried.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from fly.environment import tokens_in
from fly.errors import FlyError
from ops.clouds.cloudflare import CLOUDFLARE, Cloudflare
from ops.clouds.digitalocean import DIGITALOCEAN, DigitalOcean
from ops.clouds.errors import CloudApiError, TokenRefused
from ops.clouds.http import Api
from ops.doctor.finding import Finding
from ops.surroundings import Surroundings
from settings.digitalocean_system import DigitalOceanSystem
from settings.fly_system import FlySystem

_FEW_LEFT: Final = 100
_FLY: Final = "FLY_API_TOKEN"


def tokens(surroundings: Surroundings) -> Iterator[Finding]:
    """Of the clouds that the stack is on."""
    systems = surroundings.stack.systems.values()
    if any(isinstance(system, DigitalOceanSystem) or system.monitoring for system in systems):
        yield from _digitalocean(surroundings)
    if any(system.edge for system in systems):
        yield from _cloudflare(surroundings)
    if any(isinstance(system, FlySystem) for system in systems):
        yield from _fly(surroundings)


def _digitalocean(surroundings: Surroundings) -> Iterator[Finding]:
    if not surroundings.environment.get(DIGITALOCEAN.token_variable):
        yield _missing(DIGITALOCEAN.token_variable, DIGITALOCEAN.rights)
        return
    api = DigitalOcean(surroundings.environment)
    systems = surroundings.stack.systems.values()
    asks: dict[str, Callable[[], object]] = {"account:read": api.account, "app:read": api.apps}
    if any(isinstance(system, DigitalOceanSystem) and (system.database or system.redis) for system in systems):
        asks["database:read"] = api.databases
    if any(system.monitoring for system in systems):
        asks["uptime:read"] = api.uptime_checks
    yield from _asked(DIGITALOCEAN.token_variable, asks)
    yield from _quota("DigitalOcean", "this hour", api.api)


def _cloudflare(surroundings: Surroundings) -> Iterator[Finding]:
    if not surroundings.environment.get(CLOUDFLARE.token_variable):
        yield _missing(CLOUDFLARE.token_variable, CLOUDFLARE.rights)
        return
    api = Cloudflare(surroundings.environment)
    asks: dict[str, Callable[[], object]] = {"the token itself": api.token}
    for zone in sorted({system.edge.zone for system in surroundings.stack.systems.values() if system.edge}):
        asks[f"DNS Read of {zone}"] = lambda name=zone: api.records(api.zone(name).id)  # type: ignore[misc]
    yield from _asked(CLOUDFLARE.token_variable, asks)
    yield from _quota("Cloudflare", "these five minutes", api.api)


def _fly(surroundings: Surroundings) -> Iterator[Finding]:
    if not tokens_in(surroundings.environment):
        yield _missing(_FLY, "deploy the apps of the organization (flyctl tokens create org)")
        return
    systems = surroundings.stack.systems.values()
    organizations = sorted({system.app.organization for system in systems if isinstance(system, FlySystem)})

    async def ask(organization: str) -> int:
        with surroundings.fly() as facts:
            return len(await facts.apps(organization))

    for organization in organizations:
        try:
            count = asyncio.run(ask(organization))
        except FlyError as error:
            yield Finding("tokens", _FLY, "bad", str(error), "make one: flyctl tokens create org")
        else:
            yield Finding("tokens", _FLY, "ok", f"sees {count} apps of {organization}")


def _asked(variable: str, asks: Mapping[str, Callable[[], object]]) -> Iterator[Finding]:
    seen = []
    for right, ask in asks.items():
        try:
            ask()
        except TokenRefused as error:
            way_out = f"give the token {right}, or make one that has it"
            yield Finding("tokens", variable, "bad", f"{right}: {error.reason}", way_out)
        except CloudApiError as error:
            yield Finding("tokens", variable, "bad", f"{right}: {error}", "see whether the cloud can be reached")
        else:
            seen.append(right)
    if seen:
        yield Finding("tokens", variable, "ok", f"may read: {', '.join(seen)}")


def _quota(cloud: str, span: str, api: Api) -> Iterator[Finding]:
    left = api.budget.left
    if left is None:
        return
    level = "note" if left < _FEW_LEFT else "ok"
    way_out = "wait, or find what asks so often with the same token" if level == "note" else ""
    yield Finding("quotas", cloud, level, f"{left} requests are left {span}", way_out)  # type: ignore[arg-type]


def _missing(variable: str, rights: str) -> Finding:
    return Finding(
        "tokens", variable, "note", "not set", f"what acts on accounts needs it; it must be able to {rights}"
    )
