"""DigitalOcean's API v2: App Platform, databases and uptime checks."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any, Final, Literal, TypeVar
from urllib.parse import urlencode

from pydantic import Field

from fly.limits import Backoff
from ops.clouds.app_platform import (
    Answer,
    App,
    ComponentHealth,
    Deployment,
    Instance,
    LogAddresses,
    RollbackCheck,
)
from ops.clouds.errors import NoAnswer, NotThere
from ops.clouds.http import Api, Vendor

_PER_PAGE: Final = 200
_FIRST_POLL_SECONDS: Final = 0.1
_LONGEST_POLL_SECONDS: Final = 5.0

LogType = Literal["BUILD", "DEPLOY", "RUN", "RUN_RESTARTED"]


def _reason(told: Any) -> str:
    return str(told.get("message") or "") if isinstance(told, dict) else ""


DIGITALOCEAN: Final = Vendor(
    name="DigitalOcean",
    api="https://api.digitalocean.com",
    token_variable="DIGITALOCEAN_TOKEN",  # noqa: S106  the variable's name
    url_variable="DIGITALOCEAN_API_URL",
    rights="read and update apps (scopes app:read, app:update)",
    reason=_reason,
)


class Account(Answer):
    email: str = Field(default="", repr=False)
    status: str = ""


class Database(Answer):
    """A managed cluster."""

    id: str
    name: str
    engine: str
    status: str = ""
    size: str = ""
    region: str = ""


class Backup(Answer):
    created_at: datetime


class UptimeCheck(Answer):
    id: str
    name: str = ""
    target: str = ""
    enabled: bool = True


Told = TypeVar("Told", bound=Answer)


class DigitalOcean:
    """The account of the token in the environment. See `ops.clouds.http.Api` for what is raised."""

    def __init__(self, environment: Mapping[str, str], *, backoff: Backoff | None = None) -> None:
        self.api = Api(DIGITALOCEAN, environment, backoff=backoff)

    def account(self) -> Account:
        return self._one(Account, "/v2/account", "account")

    def apps(self) -> list[App]:
        """Every app of the account."""
        return self._all(App, "/v2/apps", "apps")

    def app(self, id_: str) -> App:
        return self._one(App, f"/v2/apps/{id_}", "app")

    def app_named(self, name: str) -> App:
        """The app with this name. Raises NotThere."""
        for app in self.apps():
            if app.name == name:
                return app
        raise NotThere(
            "DigitalOcean", "GET /v2/apps", 0, f"there is no app {name}", "deploy it first, or check the token"
        )

    def update_app(self, id_: str, spec: Mapping[str, Any]) -> App:
        """Replace the whole spec, which starts a deployment."""
        return self._changed(App, "PUT", f"/v2/apps/{id_}", "app", {"spec": spec})

    def propose(self, spec: Mapping[str, Any], app_id: str) -> None:
        """Have a spec checked. Raises RequestRefused with what is wrong with it."""
        self.api.check("/v2/apps/propose", {"spec": spec, "app_id": app_id})

    def deployments(self, app_id: str) -> list[Deployment]:
        """All that the platform remembers, newest first."""
        return self._all(Deployment, f"/v2/apps/{app_id}/deployments", "deployments")

    def deployment(self, app_id: str, id_: str) -> Deployment:
        return self._one(Deployment, f"/v2/apps/{app_id}/deployments/{id_}", "deployment")

    def deploy(self, app_id: str, *, force_build: bool) -> Deployment:
        """Deploy the spec as it is once more. `force_build` fetches the source again and builds without cache."""
        path, body = f"/v2/apps/{app_id}/deployments", {"force_build": force_build}
        return self._changed(Deployment, "POST", path, "deployment", body)

    def restart(self, app_id: str) -> Deployment:
        """A rolling restart of all services and workers."""
        return self._changed(Deployment, "POST", f"/v2/apps/{app_id}/restart", "deployment", {"components": []})

    def wait(
        self, app_id: str, id_: str, seconds: float, tell: Callable[[Deployment], None] = lambda _: None
    ) -> Deployment:
        """The deployment once it has ended; `tell` hears of each new phase. Raises NoAnswer when the time is up."""
        deadline, pause, phase = time.monotonic() + seconds, _FIRST_POLL_SECONDS, ""
        while True:
            found = self.deployment(app_id, id_)
            if found.phase != phase:
                phase = found.phase
                tell(found)
            if found.ended:
                return found
            if time.monotonic() + pause > deadline:
                message = f"the deployment {id_} is {phase} after {seconds:.0f} s"
                raise NoAnswer("DigitalOcean", "GET deployment", 0, message, "it goes on; see ./slipway status")
            time.sleep(pause)
            pause = min(_LONGEST_POLL_SECONDS, pause * 1.5)

    def validate_rollback(self, app_id: str, deployment: str) -> RollbackCheck:
        told = self.api.check(f"/v2/apps/{app_id}/rollback/validate", {"deployment_id": deployment})
        return self.api.parsed(RollbackCheck, told, "POST rollback/validate")

    def roll_back(self, app_id: str, deployment: str, *, skip_pin: bool = False) -> Deployment:
        """Deploy an old deployment again. The app is pinned to it until it is committed or reverted."""
        body = {"deployment_id": deployment, "skip_pin": skip_pin}
        return self._changed(Deployment, "POST", f"/v2/apps/{app_id}/rollback", "deployment", body)

    def commit_rollback(self, app_id: str) -> None:
        """Keep the rollback; the app takes deployments again."""
        self.api.change("POST", f"/v2/apps/{app_id}/rollback/commit")

    def instances(self, app_id: str) -> list[Instance]:
        return self._list(Instance, f"/v2/apps/{app_id}/instances", "instances")

    def health(self, app_id: str) -> list[ComponentHealth]:
        """How each component is, which the platform refreshes about once a minute."""
        told = self.api.get(f"/v2/apps/{app_id}/health")
        parts = (told.get("app_health") or {}).get("components") or []
        return [self.api.parsed(ComponentHealth, part, "GET health") for part in parts]

    def logs(self, app_id: str, component: str = "", *, type_: LogType = "RUN", tail: int = 100) -> Iterator[str]:
        """The last lines of an app, or of one component."""
        for url in self._addresses(app_id, component, type_, tail, follow=False).historic_urls:
            yield from self.api.lines(url)

    def follow(self, app_id: str, component: str = "", *, type_: LogType = "RUN", tail: int = 100) -> Iterator[str]:
        """The last lines and each new one, without end. The address may say wss; it answers https as well."""
        url = self._addresses(app_id, component, type_, tail, follow=True).live_url
        yield from self.api.lines(url.replace("wss://", "https://", 1))

    def databases(self) -> list[Database]:
        """Every managed cluster of the account."""
        return self._all(Database, "/v2/databases", "databases")

    def backups(self, database: str) -> list[Backup]:
        """A cluster's backups, oldest first. Raises RequestRefused for an engine that has none."""
        return self._list(Backup, f"/v2/databases/{database}/backups", "backups")

    def uptime_checks(self) -> list[UptimeCheck]:
        return self._all(UptimeCheck, "/v2/uptime/checks", "checks")

    def _addresses(self, app_id: str, component: str, type_: str, tail: int, *, follow: bool) -> LogAddresses:
        place = f"/v2/apps/{app_id}/components/{component}/logs" if component else f"/v2/apps/{app_id}/logs"
        query = urlencode({"type": type_, "follow": str(follow).lower(), "tail_lines": tail})
        return self.api.parsed(LogAddresses, self.api.get(f"{place}?{query}"), f"GET {place}")

    def _one(self, model: type[Told], path: str, key: str) -> Told:
        return self.api.parsed(model, (self.api.get(path) or {}).get(key), f"GET {path}")

    def _changed(
        self, model: type[Told], method: str, path: str, key: str, body: Mapping[str, Any] | None = None
    ) -> Told:
        told = self.api.change(method, path, body or {}) or {}
        return self.api.parsed(model, told.get(key), f"{method} {path}")

    def _list(self, model: type[Told], path: str, key: str) -> list[Told]:
        return [self.api.parsed(model, entry, f"GET {path}") for entry in (self.api.get(path) or {}).get(key) or []]

    def _all(self, model: type[Told], path: str, key: str) -> list[Told]:
        """The entries of every page."""
        found: list[Told] = []
        page, more = 1, True
        while more:
            told = self.api.get(f"{path}?page={page}&per_page={_PER_PAGE}") or {}
            found += [self.api.parsed(model, entry, f"GET {path}") for entry in told.get(key) or []]
            more = bool(((told.get("links") or {}).get("pages") or {}).get("next"))
            page += 1
        return found
