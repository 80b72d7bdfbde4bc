"""Faults on request: what the emulated clouds get wrong, when, how often, and from which seed.

A planted fault is a document in the store, so it holds for every process and survives a restart. Whether one with a
probability strikes depends only on its seed and on how many requests it has seen: the same run fails the same way.
"""

from __future__ import annotations

import asyncio
import fnmatch
import hashlib
from dataclasses import asdict, dataclass, fields
from typing import Any, Literal, get_args

from sandbox.errors import SandboxError
from sandbox.store import Store

KIND = "sandbox/fault"

FaultKind = Literal["latency", "throttle", "error", "timeout", "build", "unhealthy"]


class Fault(Exception):  # noqa: N818 - the word for what is planted
    """A request that fails as planted: its HTTP status, the seconds of Retry-After (429 only), and a message."""

    def __init__(self, status: int, retry_after: int | None, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.retry_after = retry_after
        self.message = message


@dataclass(frozen=True)
class Plan:
    """One planted fault.

    kind         latency: the request takes `latency_ms` longer; throttle: 429 with `retry_after` seconds;
                 error: `status`; timeout: the request is done, its answer never comes; build: the app's build fails;
                 unhealthy: the new version of an app never passes its health checks
    api          digitalocean, cloudflare, fly, or a glob
    operation    create, read, update, delete, deploy …, or a glob
    target       `<resource>/<name>` such as `app/tetrix-minimal`, or a glob
    count        how many requests it hits; 0 is without end
    probability  of each matching request to be hit, 0 to 1
    seed         what the draws depend on
    """

    kind: FaultKind
    api: str = "*"
    operation: str = "*"
    target: str = "*"
    count: int = 1
    probability: float = 1.0
    seed: int = 0
    status: int = 500
    retry_after: int = 1
    latency_ms: int = 500

    @classmethod
    def read(cls, document: dict[str, Any]) -> Plan:
        """A plan from JSON. Raises SandboxError naming an unknown field or kind."""
        known = {field.name for field in fields(cls)}
        unknown = sorted(set(document) - known)
        if unknown:
            raise SandboxError(f"a fault has no field {unknown[0]!r}; it has {', '.join(sorted(known))}")
        if document.get("kind") not in get_args(FaultKind):
            raise SandboxError(
                f"{document.get('kind')!r} is no kind of fault; use one of {', '.join(get_args(FaultKind))}"
            )
        plan = cls(**document)
        if not 0 <= plan.probability <= 1 or plan.count < 0:
            raise SandboxError(f"probability {plan.probability} must be 0 to 1 and count {plan.count} at least 0")
        return plan


class Faults:
    """The planted faults of a store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def plant(self, plan: Plan) -> str:
        """Add a fault; returns its id."""
        id_ = f"fault-{self._store.next_number(KIND)}"
        self._store.put(KIND, id_, {**asdict(plan), "seen": 0, "hits": 0})
        return id_

    def all(self) -> dict[str, dict[str, Any]]:
        """Every planted fault by id, with how many requests it has `seen` and hit."""
        return dict(self._store.all(KIND))

    def clear(self, id_: str | None = None) -> int:
        """Remove one fault or all; returns how many there were."""
        ids = [id_] if id_ else [found for found, _ in self._store.all(KIND)]
        return sum(self._store.delete(KIND, found) for found in ids)

    async def before(self, api: str, operation: str, target: str) -> None:
        """Called before a request is served: may sleep, or raise Fault instead of serving it."""
        for plan in self._strike(("latency",), api, operation, target):
            await asyncio.sleep(plan.latency_ms / 1000)
        for plan in self._strike(("throttle", "error"), api, operation, target):
            if plan.kind == "throttle":
                raise Fault(429, plan.retry_after, "Too many requests")
            raise Fault(plan.status, None, "Server Error" if plan.status == 500 else f"status {plan.status}")

    async def after(self, api: str, operation: str, target: str) -> None:
        """Called after a request was served: may raise Fault(504) instead of answering."""
        for _ in self._strike(("timeout",), api, operation, target):
            raise Fault(504, None, "the request timed out waiting for its answer")

    def strikes(self, kind: Literal["build", "unhealthy"], api: str, target: str) -> bool:
        """Whether the deployment of this app is to fail so, now."""
        return bool(self._strike((kind,), api, kind, target))

    def _strike(self, kinds: tuple[str, ...], api: str, operation: str, target: str) -> list[Plan]:
        """The plans that hit this request; each counts it."""
        hit = []
        with self._store.transaction():
            for id_, document in self._store.all(KIND):
                plan = Plan(**{field.name: document[field.name] for field in fields(Plan)})
                if plan.kind not in kinds or not _matches(plan, api, operation, target):
                    continue
                if plan.count and document["hits"] >= plan.count:
                    continue
                drawn = _draw(plan.seed, id_, document["seen"]) < plan.probability
                self._store.put(KIND, id_, {**document, "seen": document["seen"] + 1, "hits": document["hits"] + drawn})
                if drawn:
                    hit.append(plan)
        return hit


def _matches(plan: Plan, api: str, operation: str, target: str) -> bool:
    of_a_deployment = plan.kind in ("build", "unhealthy")
    wanted = ((api, plan.api), (operation, "*" if of_a_deployment else plan.operation), (target, plan.target))
    return all(fnmatch.fnmatchcase(value, pattern) for value, pattern in wanted)


def _draw(seed: int, id_: str, seen: int) -> float:
    raw = hashlib.sha256(f"{seed}/{id_}/{seen}".encode()).digest()
    return int.from_bytes(raw[:8], "big") / 2**64
