"""Is the flyctl at hand one that this adapter was written for? Asked once, before the first command."""

from __future__ import annotations

import asyncio
import re

from pydantic import BaseModel

from fly.answers import parsed_object
from fly.commands.command import Command
from fly.commands.version import show_version
from fly.errors import UnsupportedVersion
from fly.runner import Finished, Runs

MINIMUM = (0, 4, 0)


class Version(BaseModel):
    """What `flyctl version --json` prints, as far as it matters."""

    Version: str


class SupportedOnly:
    """Runs commands on a flyctl that is new enough; raises UnsupportedVersion, with the way out, on any other."""

    def __init__(self, runner: Runs) -> None:
        self._runner = runner
        self._lock = asyncio.Lock()
        self._version: str | None = None

    async def run(self, command: Command) -> Finished:
        """Carry out one command, after the version was found good."""
        async with self._lock:
            if self._version is None:
                self._version = await self._checked()
        return await self._runner.run(command)

    async def _checked(self) -> str:
        command = show_version()
        found = parsed_object(command, (await self._runner.run(command)).stdout, Version).Version
        if not is_supported(found):
            raise UnsupportedVersion(found, "v" + ".".join(str(part) for part in MINIMUM))
        return found


def is_supported(version: str) -> bool:
    """Releases count from 0.4.0; a build from source without a version calls itself after its date, 2026.11.22-dev."""
    found = re.match(r"v?(\d+)\.(\d+)\.(\d+)", version)
    return found is not None and tuple(int(part) for part in found.groups()) >= MINIMUM
