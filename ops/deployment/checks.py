"""What is asked before anything is changed: the policies, every cloud with the token at hand, the platforms' word."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Mapping
from typing import Any, Final

import urllib3

from fly.errors import FlyError
from ops.clouds.cloudflare import Cloudflare
from ops.clouds.digitalocean import DigitalOcean
from ops.errors import OperationError
from ops.exit_code import ExitCode
from ops.policies import audit_settings, described
from ops.surroundings import Surroundings
from settings.digitalocean_system import DigitalOceanSystem
from settings.fly_system import FlySystem
from settings.problem import SettingsError

STATUS_PAGES: Final = {
    "fly": "https://status.flyio.net/api/v2/status.json",
    "digitalocean": "https://status.digitalocean.com/api/v2/status.json",
    "cloudflare": "https://www.cloudflarestatus.com/api/v2/status.json",
}
"""Where the platforms say how they are: all three pages are of one maker and answer alike (Statuspage API, 2026-11)."""

_BAD: Final = frozenset({"major", "critical"})
_SECONDS: Final = 10.0


def clouds(surroundings: Surroundings) -> list[str]:
    """The clouds that the stack is on."""
    systems = surroundings.stack.systems.values()
    used = {
        "fly": any(isinstance(system, FlySystem) for system in systems),
        "digitalocean": any(isinstance(system, DigitalOceanSystem) or system.monitoring for system in systems),
        "cloudflare": any(system.edge for system in systems),
    }
    return [cloud for cloud, is_used in used.items() if is_used]


def policies(surroundings: Surroundings) -> str:
    """What the policies say about the stack as it is described. Raises OperationError where it must not go on."""
    try:
        found = audit_settings(surroundings.root, surroundings.stack, surroundings.records)
    except SettingsError as error:
        raise OperationError(str(error), ExitCode.SETTINGS) from None
    first, *rest = described(found)
    count = first.removeprefix("policies: ")
    if found.failed:
        raise OperationError("\n".join([count, *rest]), ExitCode.REFUSED)
    return count


def policy_pack(surroundings: Surroundings, skip: Collection[str]) -> tuple[str, ...]:
    """The option by which the engine holds what it is about to do to the same policies."""
    return () if "policies" in skip else (f"--policy-pack={surroundings.root / 'policies'}",)


def tokens(surroundings: Surroundings) -> str:
    """Ask every cloud something that only a valid token is told. Raises OperationError with all that refuse."""
    refused = []
    for cloud in clouds(surroundings):
        try:
            _ASKS[cloud](surroundings)
        except OperationError as error:
            refused.append(str(error))
    if refused:
        raise OperationError("\n".join(refused), ExitCode.ENGINE)
    return f"{', '.join(clouds(surroundings))} answer"


def _fly(surroundings: Surroundings) -> None:
    systems = surroundings.stack.systems.values()
    organizations = sorted({system.app.organization for system in systems if isinstance(system, FlySystem)})
    try:
        asyncio.run(_fly_apps(surroundings, organizations))
    except FlyError as error:
        raise OperationError(f"Fly.io: {error}", ExitCode.ENGINE) from error


async def _fly_apps(surroundings: Surroundings, organizations: list[str]) -> None:
    with surroundings.fly() as facts:
        for organization in organizations:
            await facts.apps(organization)


_ASKS: Final[Mapping[str, Callable[[Surroundings], object]]] = {
    "fly": _fly,
    "digitalocean": lambda surroundings: DigitalOcean(surroundings.environment).account(),
    "cloudflare": lambda surroundings: Cloudflare(surroundings.environment).token(),
}


def platforms(surroundings: Surroundings) -> str:
    """What the platforms' status pages say. Raises OperationError for a major incident; a page that does not answer
    stops nobody."""
    if surroundings.sandboxed:
        return "emulated clouds have no status pages"
    said = {cloud: _indicator(STATUS_PAGES[cloud]) for cloud in clouds(surroundings)}
    bad = [f"{cloud}: {words}" for cloud, (indicator, words) in said.items() if indicator in _BAD]
    if bad:
        message = f"{'; '.join(bad)}. Wait until it is over, or go on all the same with: --skip platforms"
        raise OperationError(message, ExitCode.REFUSED)
    return "; ".join(f"{cloud}: {words}" for cloud, (_, words) in said.items())


def _indicator(url: str) -> tuple[str, str]:
    """`none`, `minor`, `major` or `critical`, and the page's words for it."""
    try:
        answer = urllib3.request("GET", url, timeout=_SECONDS, retries=False)
        status: Any = answer.json()["status"]
        return str(status["indicator"]), str(status["description"])
    except (urllib3.exceptions.HTTPError, ValueError, KeyError, TypeError):
        return "", "its status page does not answer"
