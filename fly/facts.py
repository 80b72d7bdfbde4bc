"""What is true at Fly.io now, each kind of fact read at most once per app until somebody changes it.

Several resources of one app ask at the same time: they share one flyctl call. A write forgets what it may have changed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from fly.answers import parsed_list, parsed_object
from fly.commands.addresses import list_addresses
from fly.commands.apps import list_apps, show_app
from fly.commands.certificates import check_certificate, list_certificates
from fly.commands.command import Command
from fly.commands.machines import list_machines
from fly.commands.releases import list_releases
from fly.commands.secrets import list_secrets
from fly.commands.volumes import list_volumes
from fly.models import volume as volumes
from fly.models.address import Address
from fly.models.app import App
from fly.models.certificate import Certificate, CertificateSummary
from fly.models.machine import Machine
from fly.models.release import Release
from fly.models.secret import Secret
from fly.models.volume import Volume
from fly.runner import Finished, Runs

Fact = TypeVar("Fact")
Key = tuple[str, str]


class Facts:
    """Reads and remembers. `do` is the way to write, because it knows what to forget."""

    def __init__(self, runner: Runs) -> None:
        self._runner = runner
        self._known: dict[Key, asyncio.Future[Any]] = {}

    async def apps(self, org: str | None) -> list[App]:
        """The apps of an organization, or all the token sees."""
        command = list_apps(org)
        return await self._once(("apps", org or ""), lambda: self._list(command, App))

    async def app(self, name: str) -> App:
        """One app, asked for by name. Raises NotFound."""
        command = show_app(name)
        return await self._once(("app", name), lambda: self._object(command, App))

    async def machines(self, app: str) -> list[Machine]:
        """The machines of an app with their check results."""
        command = list_machines(app)
        return await self._once(("machines", app), lambda: self._list(command, Machine))

    async def volumes(self, app: str) -> list[Volume]:
        """The volumes of an app that are not on their way out."""
        command = list_volumes(app)
        found = await self._once(("volumes", app), lambda: self._list(command, Volume))
        return [volume for volume in found if volume.state not in volumes.GONE]

    async def secrets(self, app: str) -> dict[str, Secret]:
        """The secrets of an app by name."""
        command = list_secrets(app)
        return {s.name: s for s in await self._once(("secrets", app), lambda: self._list(command, Secret))}

    async def addresses(self, app: str) -> list[Address]:
        """The addresses of an app."""
        command = list_addresses(app)
        return await self._once(("addresses", app), lambda: self._list(command, Address))

    async def hostnames(self, app: str) -> list[str]:
        """The host names of an app that have or want a certificate."""
        command = list_certificates(app)
        found = await self._once(("certificates", app), lambda: self._list(command, CertificateSummary))
        return [certificate.hostname for certificate in found]

    async def certificate(self, app: str, hostname: str) -> Certificate:
        """One certificate with its DNS records. Raises NotFound."""
        command = check_certificate(app, hostname)
        return await self._once(("certificates", f"{app}/{hostname}"), lambda: self._object(command, Certificate))

    async def releases(self, app: str) -> list[Release]:
        """The newest releases of an app, newest first."""
        command = list_releases(app)
        found = await self._once(("releases", app), lambda: self._list(command, Release))
        return sorted(found, key=lambda release: -release.version)

    async def do(self, command: Command, *forgets: Key) -> Finished:
        """Carry out a write and forget what it may have changed, also when it fails."""
        try:
            return await self._runner.run(command)
        finally:
            self.forget(*forgets)

    async def ask(self, command: Command) -> Finished:
        """Carry out a read that is not worth remembering."""
        return await self._runner.run(command)

    def forget(self, *keys: Key) -> None:
        """Read these anew next time."""
        for key in keys:
            self._known.pop(key, None)

    def forget_app(self, app: str, org: str | None) -> None:
        """Read everything about an app anew next time."""
        self._known = {
            key: known
            for key, known in self._known.items()
            if key[1].partition("/")[0] != app and key not in {("apps", org or ""), ("apps", "")}
        }

    async def _once(self, key: Key, ask: Callable[[], Awaitable[Fact]]) -> Fact:
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = asyncio.ensure_future(ask())
        try:
            answer: Fact = await asyncio.shield(known)
        except BaseException:
            if self._known.get(key) is known:
                del self._known[key]
            raise
        return answer

    async def _list(self, command: Command, model: type[Any]) -> list[Any]:
        return parsed_list(command, (await self._runner.run(command)).stdout, model)

    async def _object(self, command: Command, model: type[Any]) -> Any:
        return parsed_object(command, (await self._runner.run(command)).stdout, model)
