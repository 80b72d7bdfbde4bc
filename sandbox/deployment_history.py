"""What App Platform remembers of an app's deployments: each with its spec, cause and phases; and the pin of a rollback.

Phases as the API names them: PENDING_BUILD, BUILDING, PENDING_DEPLOY, DEPLOYING, then ACTIVE, ERROR or CANCELED; an
active one becomes SUPERSEDED by the next (digitalocean/openapi, models of `apps`, 2026-11).
"""

from __future__ import annotations

import copy
import hashlib
from datetime import UTC, datetime
from typing import Any, Final

from sandbox.store import Document, Store

DEPLOYMENT: Final = "sandbox/deployment"
PIN: Final = "sandbox/pin"
ENDED: Final = ("ACTIVE", "SUPERSEDED", "ERROR", "CANCELED")
GOOD: Final = ("ACTIVE", "SUPERSEDED")


class History:
    """The deployments of every app, and which app is pinned to which of them."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def begin(self, app_id: str, spec: Document, *, cause: str, action: str, cloned_from: str = "") -> str:
        """A new deployment in its first phase. `action` is the user's, such as UPDATE_SPEC. Returns its id."""
        id_ = _made_up(app_id, self._store.next_number(DEPLOYMENT))
        now = moment()
        self._store.put(
            DEPLOYMENT,
            id_,
            {
                "app": app_id,
                "phase": "PENDING_BUILD",
                "spec": copy.deepcopy(spec),
                "cause": cause,
                "action": action,
                "clonedFrom": cloned_from,
                "previous": self.active(app_id) or "",
                "createdAt": now,
                "phaseAt": now,
                "reason": "",
            },
        )
        return id_

    def move(self, id_: str, phase: str, reason: str = "") -> None:
        """Into the next phase. One that becomes ACTIVE supersedes the one that was."""
        deployment = self._store.get(DEPLOYMENT, id_)
        if deployment is None:
            return
        before = self.active(deployment["app"])
        with self._store.transaction():
            if phase == "ACTIVE" and before and before != id_:
                self._put(before, "SUPERSEDED", "")
            self._put(id_, phase, reason)

    def active(self, app_id: str) -> str | None:
        """The id of the deployment that serves, if one does."""
        return next((id_ for id_, found in reversed(self.of_app(app_id)) if found["phase"] == "ACTIVE"), None)

    def under_way(self, app_id: str) -> str | None:
        """The id of the deployment that has not ended yet, if there is one."""
        return next((id_ for id_, found in self.of_app(app_id) if found["phase"] not in ENDED), None)

    def get(self, app_id: str, id_: str) -> Document | None:
        """A deployment of this app."""
        found = self._store.get(DEPLOYMENT, id_)
        return found if found and found["app"] == app_id else None

    def of_app(self, app_id: str) -> list[tuple[str, Document]]:
        """All deployments of an app, oldest first."""
        return self._store.find(DEPLOYMENT, app=app_id)

    def forget(self, app_id: str) -> None:
        """Drop all of a deleted app."""
        for id_, _ in self.of_app(app_id):
            self._store.delete(DEPLOYMENT, id_)
        self.unpin(app_id)

    def pin(self, app_id: str, deployment: str) -> None:
        """Hold the app at the deployment of a rollback."""
        self._store.put(PIN, app_id, {"deployment": deployment})

    def unpin(self, app_id: str) -> None:
        self._store.delete(PIN, app_id)

    def pinned(self, app_id: str) -> str | None:
        """The id of the deployment that the app is pinned to."""
        return pinned(self._store, app_id)

    def _put(self, id_: str, phase: str, reason: str) -> None:
        found: dict[str, Any] | None = self._store.get(DEPLOYMENT, id_)
        if found:
            self._store.put(DEPLOYMENT, id_, {**found, "phase": phase, "phaseAt": moment(), "reason": reason})


def pinned(store: Store, app_id: str) -> str | None:
    """The id of the deployment that an app is pinned to."""
    found = store.get(PIN, app_id)
    return str(found["deployment"]) if found else None


def _made_up(app_id: str, number: int) -> str:
    raw = hashlib.sha256(f"{app_id}/{number}".encode()).hexdigest()
    return f"{raw[:8]}-{raw[8:12]}-4{raw[13:16]}-a{raw[17:20]}-{raw[20:32]}"


def moment() -> str:
    """The time in RFC 3339 with milliseconds, UTC."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
