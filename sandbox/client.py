"""A client of a running sandbox's control API."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

import urllib3

from sandbox.errors import NotRunningError, SandboxError
from sandbox.faults import Plan

_TIMEOUT_SECONDS = 10.0


class Api:
    """One of a sandbox's HTTP APIs, at its base URL."""

    def __init__(self, base: str) -> None:
        self._base = base
        self._http = urllib3.PoolManager(retries=False, timeout=_TIMEOUT_SECONDS)

    def _call(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        try:
            answer = self._http.request(method, self._base + path, json=body)
        except urllib3.exceptions.HTTPError as error:
            raise NotRunningError(
                f"no sandbox answers at {self._base}; start one with `./slipway sandbox start`"
            ) from error
        try:
            told = json.loads(answer.data)
        except ValueError as error:
            raise SandboxError(f"{self._base} answered {answer.status} and no JSON: it is no sandbox") from error
        if answer.status != 200:
            raise SandboxError(str(told.get("error", answer.status)))
        return told


class Client(Api):
    """Talks to `control`, e.g. `http://127.0.0.1:40123`. Every method raises NotRunningError or SandboxError."""

    def status(self) -> dict[str, Any]:
        """`{pid, code, faults, apps: [{id, name, live_url, deployment, url, instances}]}`.

        An instance is `{id, url, running, healthy, health_paths}`; `url` is on loopback.
        """
        told: dict[str, Any] = self._call("GET", "/status")
        return told

    def resources(self, kind: str = "") -> dict[str, list[dict[str, Any]]]:
        """`{kind: [{id, properties}]}`, of one kind or of all."""
        told: dict[str, Any] = self._call("GET", f"/resources?kind={kind}" if kind else "/resources")
        return told

    def set(self, kind: str, id_: str, path: str, value: Any) -> dict[str, Any]:
        """Drift: set a property of a resource, given by id or name. Returns `{id, path, before, after}`."""
        told: dict[str, Any] = self._call("POST", "/drift", {"kind": kind, "id": id_, "path": path, "value": value})
        return told

    def unset(self, kind: str, id_: str, path: str) -> dict[str, Any]:
        """Drift: delete a property of a resource."""
        told: dict[str, Any] = self._call("POST", "/drift", {"kind": kind, "id": id_, "path": path})
        return told

    def delete(self, kind: str, id_: str) -> dict[str, Any]:
        """Drift: delete a resource behind the program's back."""
        told: dict[str, Any] = self._call("POST", "/drift", {"kind": kind, "id": id_})
        return told

    def behave(self, target: str, **changes: Any) -> dict[str, Any]:
        """How an instance, or every instance of an app by name, answers from now on: fields of `Behaviour`."""
        told: dict[str, Any] = self._call("POST", "/behaviour", {"target": target, "changes": changes})
        return told

    def faults(self) -> dict[str, dict[str, Any]]:
        """The planted faults by id."""
        told: dict[str, Any] = self._call("GET", "/faults")
        return told

    def plant(self, plan: Plan) -> str:
        """Plant a fault; returns its id."""
        return str(self._call("POST", "/faults", asdict(plan))["id"])

    def clear_faults(self, id_: str = "") -> int:
        """Remove one fault or all; returns how many there were."""
        return int(self._call("DELETE", f"/faults?id={id_}" if id_ else "/faults")["removed"])

    def seed(self, kind: str, properties: dict[str, Any], id_: str = "") -> str:
        """Make a resource that exists before the program runs, once. Returns its id."""
        return str(self._call("POST", "/seed", {"kind": kind, "id": id_, "properties": properties})["id"])
