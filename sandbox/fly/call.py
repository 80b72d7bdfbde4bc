"""One API call on its way through the emulation, and the clouds' shared parts that its handler may use."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sandbox.fly import organizations
from sandbox.fly.errors import NotFoundError, UnauthorizedError
from sandbox.store import Document, Store

if TYPE_CHECKING:
    from sandbox.fly.runner import Runner

APP_KIND = "fly/app"
MACHINE_KIND = "fly/machine"

Json = dict[str, Any] | list[Any] | None


@dataclass
class Call:
    """What a handler gets: the store (inside a transaction for writes), the request's parts, the running machines."""

    store: Store
    runner: Runner
    path: dict[str, str]
    query: dict[str, str]
    # Repeated query keys, as `state` of /wait.
    query_lists: dict[str, list[str]]
    headers: dict[str, str]
    body: dict[str, Any]
    _afterwards: list[Callable[[], Awaitable[None]]] = field(default_factory=list)

    @property
    def app_name(self) -> str:
        """The app in the path."""
        return self.path["app"]

    def app(self) -> Document:
        """The app in the path; raises as the platform does when it is missing or somebody else's."""
        return find_app(self.store, self.app_name)

    def machine(self) -> Document:
        """The machine in the path; raises `NotFoundError`. A destroyed machine is not found."""
        self.app()
        return find_machine(self.store, self.app_name, self.path["machine"])

    def afterwards(self, action: Callable[[], Awaitable[None]]) -> None:
        """Do this once the transaction is committed: what runs follows what is written."""
        self._afterwards.append(action)

    def settle(self, machine: str) -> None:
        """Bring what runs for this machine in line with its document, after the commit."""
        self.afterwards(lambda: self.runner.settle(machine))

    async def finish(self) -> None:
        """Run what `afterwards` collected."""
        await asyncio.gather(*(action() for action in self._afterwards))


def find_app(store: Store, name: str) -> Document:
    """An app of the caller; raises `NotFoundError`, or `UnauthorizedError` for somebody else's."""
    document = store.get(APP_KIND, name)
    if document is None:
        raise NotFoundError("app not found")
    organization = store.get(organizations.KIND, document["organization"])
    if organization is None or not organization["member"]:
        raise UnauthorizedError("unauthorized")
    return document


def find_machine(store: Store, app: str, machine: str) -> Document:
    """A machine of this app that is not destroyed; raises `NotFoundError`."""
    document = store.get(MACHINE_KIND, machine)
    if document is None or document["app"] != app:
        raise NotFoundError(f"machine not found: {machine}")
    return document
