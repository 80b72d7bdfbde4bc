"""The engine's side of the provider contract, as direct calls: what the real engine sends, without starting it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

from pulumi.runtime.proto import provider_pb2, status_pb2

from sandbox.cloud import Cloud
from sandbox.cloudflare import catalog as cloudflare
from sandbox.digitalocean import catalog as digitalocean
from sandbox.paths import Path as PropertyPath
from sandbox.provider import Provider
from sandbox.store import Store
from sandbox.values import Properties, decode, encode
from sandbox.vault import Vault

ACCOUNT = "a" * 32


class Refused(Exception):  # noqa: N818 - what the engine sees of it
    """The provider answered with an error; `detail` is the half-made resource it reported, if any."""

    def __init__(self, message: str, detail: provider_pb2.ErrorResourceInitFailed | None) -> None:
        super().__init__(message)
        self.detail = detail


class _Context:
    async def abort(self, code: object, details: str = "", trailing_metadata: Any = ()) -> NoReturn:
        detail = None
        for _, raw in trailing_metadata:
            detail = provider_pb2.ErrorResourceInitFailed()
            status_pb2.Status.FromString(raw).details[0].Unpack(detail)
        raise Refused(details, detail)


@dataclass
class Made:
    """A resource as the engine's state holds it."""

    kind: str
    id: str
    inputs: Properties
    outputs: Properties
    secrets: frozenset[PropertyPath] = field(default_factory=frozenset)


class EngineSide:
    """Both providers on one store, driven like the engine does: check, then diff, then create or update."""

    def __init__(self, folder: Path, runners: dict[str, Any] | None = None) -> None:
        self.store = Store(folder / "cloud.sqlite")
        self.vault = Vault(b"k" * 32)
        catalogs = {"digitalocean": digitalocean, "cloudflare": cloudflare}
        self.clouds = {
            name: Cloud(name, catalog.TYPES, self.store, self.vault, attempts=2, runners=runners)
            for name, catalog in catalogs.items()
        }
        self._providers = {
            name: Provider(self.clouds[name], "1.0.0", catalog.LOOKUPS, catalog.say)
            for name, catalog in catalogs.items()
        }

    def check(
        self, kind: str, inputs: Properties, *, olds: Properties | None = None, secrets: Any = (), name: str = "it"
    ) -> tuple[Properties, dict[str, str]]:
        """The checked inputs, and the failures by property path."""
        request = provider_pb2.CheckRequest(
            urn=_urn(kind, name), news=encode(inputs, secrets), olds=encode(olds or {}), randomSeed=b"\x12" * 8
        )
        answer = self._call(kind, "Check", request)
        return decode(answer.inputs)[0], {failure.property: failure.reason for failure in answer.failures}

    def create(
        self, kind: str, inputs: Properties, *, secrets: Any = (), preview: bool = False, name: str = "it"
    ) -> Made:
        """Check and create. Raises Refused; a check failure is an assertion error."""
        checked, failures = self.check(kind, inputs, secrets=secrets, name=name)
        assert not failures, failures
        request = provider_pb2.CreateRequest(urn=_urn(kind, name), properties=encode(checked, secrets), preview=preview)
        answer = self._call(kind, "Create", request)
        outputs, marked = decode(answer.properties)
        return Made(kind, answer.id, checked, outputs, marked)

    def update(self, made: Made, inputs: Properties, *, secrets: Any = (), preview: bool = False) -> Made:
        """Check and update, without asking for a diff."""
        checked, failures = self.check(made.kind, inputs, olds=made.inputs, secrets=secrets)
        assert not failures, failures
        request = provider_pb2.UpdateRequest(
            id=made.id,
            urn=_urn(made.kind, "it"),
            olds=encode(made.outputs),
            old_inputs=encode(made.inputs),
            news=encode(checked, secrets),
            preview=preview,
        )
        outputs, marked = decode(self._call(made.kind, "Update", request).properties)
        return Made(made.kind, made.id, checked, outputs, marked)

    def diff(self, made: Made, inputs: Properties, ignore: tuple[str, ...] = ()) -> provider_pb2.DiffResponse:
        """The provider's whole answer."""
        checked, failures = self.check(made.kind, inputs, olds=made.inputs)
        assert not failures, failures
        request = provider_pb2.DiffRequest(
            id=made.id,
            urn=_urn(made.kind, "it"),
            olds=encode(made.outputs),
            old_inputs=encode(made.inputs),
            news=encode(checked),
            ignoreChanges=ignore,
        )
        answer: provider_pb2.DiffResponse = self._call(made.kind, "Diff", request)
        return answer

    def changes(self, made: Made, inputs: Properties, ignore: tuple[str, ...] = ()) -> dict[str, str]:
        """`{path: "add" | "delete" | "update"}`, with `replace` appended where the change replaces."""
        names = {value.number: value.name for value in provider_pb2.PropertyDiff.Kind.DESCRIPTOR.values}
        found = self.diff(made, inputs, ignore).detailedDiff
        return {path: names[change.kind].lower().replace("_", " ") for path, change in found.items()}

    def read(self, kind: str, id_: str, known: Made | None = None) -> Made | None:
        """What a refresh (of a known resource) or an import (of an unknown one) gets."""
        request = provider_pb2.ReadRequest(
            id=id_,
            urn=_urn(kind, "it"),
            properties=encode(known.outputs if known else {}),
            inputs=encode(known.inputs if known else {}),
        )
        answer = self._call(kind, "Read", request)
        if not answer.id:
            return None
        outputs, marked = decode(answer.properties)
        return Made(kind, answer.id, decode(answer.inputs)[0], outputs, marked)

    def delete(self, made: Made) -> None:
        request = provider_pb2.DeleteRequest(
            id=made.id, urn=_urn(made.kind, "it"), properties=encode(made.outputs), old_inputs=encode(made.inputs)
        )
        self._call(made.kind, "Delete", request)

    def invoke(self, token: str, arguments: Properties) -> Properties:
        request = provider_pb2.InvokeRequest(tok=token, args=encode(arguments))
        answer = asyncio.run(self._providers[token.partition(":")[0]].Invoke(request, _Context()))  # type: ignore[arg-type]
        return decode(getattr(answer, "return"))[0]

    def provider(self, name: str) -> Provider:
        """The servicer itself."""
        return self._providers[name]

    def zone(self, name: str = "tetrixcorp.com") -> Made:
        """A zone, which most of Cloudflare's resources need."""
        return self.create("cloudflare/zone", {"name": name, "account": {"id": ACCOUNT}})

    def _call(self, kind: str, method: str, request: Any) -> Any:
        provider = self._providers[kind.partition("/")[0]]
        return asyncio.run(getattr(provider, method)(request, _Context()))


def pulumi_type(kind: str) -> str:
    """`digitalocean/app` → `digitalocean:index/app:App`."""
    package, _, name = kind.partition("/")
    return f"{package}:index/{name}:{name[0].upper()}{name[1:]}"


def _urn(kind: str, name: str) -> str:
    return f"urn:pulumi:test::slipway::{pulumi_type(kind)}::{name}"
