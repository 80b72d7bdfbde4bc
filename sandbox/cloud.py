"""One emulated cloud account: create, read, update and delete of its resources, on the store.

What the API of the real cloud would do happens here, once, for the engine's provider and for the control API alike:
faults and the client's retries, the refusals, the computed values, sealing of secrets, and the deployment of apps.
"""

from __future__ import annotations

import asyncio
import copy
import sqlite3
from collections.abc import Awaitable, Callable, Collection, Mapping
from datetime import UTC, datetime
from typing import Any, Protocol, TypeVar

from sandbox import paths
from sandbox.check import Hidden, rule_problems
from sandbox.diff import with_defaults
from sandbox.errors import CloudError
from sandbox.faults import Fault, Faults
from sandbox.paths import Path
from sandbox.resource import Request, ResourceType
from sandbox.sdk_types import inputs as sdk_inputs
from sandbox.store import Document, Store
from sandbox.values import Properties
from sandbox.vault import Vault

_T = TypeVar("_T")


class Runner(Protocol):
    """What runs behind a resource."""

    async def apply(self, id_: str, document: Document) -> Properties:
        """Run what the document says. Returns outputs that follow from it. Raises DeploymentFailedError."""
        ...

    async def remove(self, id_: str) -> None:
        """Stop what runs for this id."""
        ...


class Cloud:
    """One cloud. `attempts` is how often its real provider's client tries a request that is throttled or fails."""

    def __init__(
        self,
        name: str,
        types: Collection[ResourceType],
        store: Store,
        vault: Vault,
        *,
        attempts: int,
        runners: Mapping[str, Runner] | None = None,
    ) -> None:
        self.name = name
        self.types = {type_.pulumi_type: type_ for type_ in types}
        self.by_kind = {type_.kind: type_ for type_ in types}
        self.store = store
        self.vault = vault
        self._attempts = attempts
        self._faults = Faults(store)
        self._runners = dict(runners or {})

    async def create(
        self,
        type_: ResourceType,
        properties: Properties,
        secrets: Collection[Path] = (),
        *,
        id_: str = "",
    ) -> tuple[str, Document]:
        """Make a resource. Returns its id and its stored document. Raises CloudError, DeploymentFailedError.

        A repeated request is a second one, as at the real API: where a name is unique it is refused, elsewhere there
        are two resources afterwards.
        """

        async def send() -> tuple[str, Document]:
            with self.store.transaction():
                request = self._request(type_, id_ or self._new_id(type_), with_defaults(type_, properties), None)
                self._refuse(type_, request, secrets)
                type_.fill(request)
                if type_.identify:
                    request.id = type_.identify(request)
                self._put(type_, request, secrets)
            return request.id, request.document

        created, document = await self._call("create", type_, properties, send)
        return created, await self._run(type_, created, document)

    async def update(
        self, type_: ResourceType, id_: str, properties: Properties, secrets: Collection[Path] = ()
    ) -> Document:
        """Change a resource to the new inputs. Raises CloudError (404 when it is gone), DeploymentFailedError."""

        async def send() -> Document:
            return self.write(type_, id_, properties, secrets)

        document = await self._call("update", type_, properties, send)
        return await self._run(type_, id_, document)

    def write(self, type_: ResourceType, id_: str, properties: Properties, secrets: Collection[Path] = ()) -> Document:
        """What one such request changes, without faults, retries and what runs. Raises CloudError."""
        with self.store.transaction():
            old = self.store.get(type_.kind, self.key(type_, id_, properties))
            if old is None:
                raise CloudError(404, f"{type_.title} {id_!r} was not found")
            request = self._request(type_, id_, _carry_over(type_, with_defaults(type_, properties), old), old)
            self._refuse(type_, request, secrets)
            type_.fill(request)
            self._put(type_, request, secrets)
        return request.document

    async def read(self, type_: ResourceType, id_: str, hints: Properties) -> tuple[str, Document] | None:
        """The resource with this id, which may have the form that `import` takes, or None. Raises CloudError."""

        async def send() -> tuple[str, Document] | None:
            imported = type_.imported(id_)
            candidates = [(self.key(type_, id_, hints), id_), (imported, imported)]
            if type_.scope and not hints.get(type_.scope):
                candidates = [(id_.replace(",", "/"), imported)]
            for key, known_as in candidates:
                document = self.store.get(type_.kind, key)
                if document is not None:
                    return known_as, document
            return None

        return await self._call("read", type_, hints, send)

    async def delete(self, type_: ResourceType, id_: str, hints: Properties) -> None:
        """Remove a resource; one that is gone already is no error. Raises CloudError."""

        async def send() -> None:
            key = self.key(type_, id_, hints)
            type_.retire(self.store, key)
            if type_.kind in self._runners:
                await self._runners[type_.kind].remove(key)
            with self.store.transaction():
                self.store.delete(type_.kind, key)
                for kind, holder in type_.owns.items():
                    for owned, _ in self.store.find(kind, **{holder: key}):
                        self.store.delete(kind, owned)

        await self._call("delete", type_, hints, send)

    async def rerun(self, type_: ResourceType, key: str) -> None:
        """Run what a document says after it was changed by hand."""
        document = self.store.get(type_.kind, key)
        if document is not None:
            await self._run(type_, key, document)

    def key(self, type_: ResourceType, id_: str, properties: Properties) -> str:
        """The store's id of a resource: its own, under its scope where ids are unique only within one."""
        scope = properties.get(type_.scope) if type_.scope else None
        return f"{scope}/{id_}" if scope else id_

    def _request(self, type_: ResourceType, id_: str, document: Document, old: Document | None) -> Request:
        now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        return Request(self.store, self.vault, type_.kind, id_, document, copy.deepcopy(old), now)

    def _refuse(self, type_: ResourceType, request: Request, secrets: Collection[Path]) -> None:
        broken = rule_problems(type_.limits, request.document, Hidden(frozenset(secrets)))
        if broken:
            raise CloudError(400, "; ".join(f"{path}: {reason}" for path, reason in broken))
        type_.refuse(request)

    def _put(self, type_: ResourceType, request: Request, secrets: Collection[Path]) -> None:
        sealed = copy.deepcopy(request.document)
        patterns = [*secrets, *(paths.parse(text) for text in type_.write_only)]
        for path in [found for pattern in patterns for found in paths.expand(pattern, sealed)]:
            paths.assign(sealed, path, self.vault.seal(paths.lookup(sealed, path)))
        request.document = sealed
        self.store.put(type_.kind, self.key(type_, request.id, sealed), sealed)

    def _new_id(self, type_: ResourceType) -> str:
        number = self.store.next_number(type_.kind)
        raw = self.vault.digest("id", type_.kind, str(number))
        if self.name == "cloudflare":
            return raw[:32]
        return f"{raw[:8]}-{raw[8:12]}-4{raw[13:16]}-a{raw[17:20]}-{raw[20:32]}"

    async def _run(self, type_: ResourceType, id_: str, document: Document) -> Document:
        runner = self._runners.get(type_.kind)
        if runner is None:
            return document
        document = {**document, **await runner.apply(id_, document)}
        self.store.put(type_.kind, id_, document)
        return document

    async def _call(
        self, operation: str, type_: ResourceType, properties: Properties, send: Callable[[], Awaitable[_T]]
    ) -> _T:
        """One API request with its planted faults, retried as the real provider's client does."""
        target = f"{type_.kind.partition('/')[2]}/{type_.name_of(properties)}"
        for attempt in range(1, self._attempts + 1):
            try:
                await self._faults.before(self.name, operation, target)
                break
            except Fault as fault:
                if attempt == self._attempts or not (fault.status == 429 or fault.status >= 500):
                    tries = f" (gave up after {attempt} attempts)" if attempt > 1 else ""
                    raise CloudError(fault.status, fault.message + tries, retry_after=fault.retry_after) from fault
                await asyncio.sleep(fault.retry_after or 0.1 * attempt)
        try:
            result = await send()
        except sqlite3.OperationalError as error:
            message = f"the sandbox's store cannot be written ({error}); free disk space and run it again"
            raise CloudError(507, message) from error
        try:
            await self._faults.after(self.name, operation, target)
        except Fault as fault:
            raise CloudError(fault.status, fault.message) from fault
        return result


def _carry_over(type_: ResourceType, new: Document, old: Document) -> Document:
    """The new document with what the cloud had computed before: its outputs, and absent inputs that it fills in."""
    known = sdk_inputs(type_.pulumi_type).fields
    for key, value in old.items():
        if key not in known and key not in new:
            new[key] = copy.deepcopy(value)
    for pattern in type_.computed:
        for path in paths.expand(paths.parse(pattern), old):
            holder: Any = paths.lookup(new, path[:-1])
            if isinstance(holder, dict) and holder.get(str(path[-1])) is None:
                holder[str(path[-1])] = copy.deepcopy(paths.lookup(old, path))
    return new
