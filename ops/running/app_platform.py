"""What stop, start, restart and scale do on App Platform: a changed spec, or the API's restart, and a deployment.

An archived app has no instances and costs nothing but its databases; in maintenance mode the instances go on, and so do
their costs. Visitors see the offline page in both (DigitalOcean docs: archive and restore, maintenance mode, 2026-11).
"""

from __future__ import annotations

import asyncio
import copy
from collections.abc import Callable
from typing import Any, Final

from ops.clouds.app_platform import App, Deployment
from ops.clouds.digitalocean import DigitalOcean
from ops.clouds.errors import LOST_ANSWERS
from ops.errors import OperationError
from ops.exit_code import ExitCode
from ops.running.step import Step
from ops.running.wish import ScaleWish
from planning.app_platform import COMPONENT

_WAIT_SECONDS: Final = 900.0
"""A build may take as long as that."""


class AppPlatformApp:
    """The app of one system. `options` are those with which another verb works on the same stack."""

    def __init__(self, digitalocean: DigitalOcean, name: str, app_name: str, options: str) -> None:
        self._api = digitalocean
        self._name = name
        self._app_name = app_name
        self._options = options

    async def stop(self, *, keep_running: bool) -> list[Step]:
        """Archive the app, or with `keep_running` only keep visitors away: maintenance mode."""
        app = await self._app()
        if keep_running:
            return [self._changed(app, f"put {app.name} into maintenance mode", _maintained({"enabled": True}))]
        return [self._changed(app, f"archive {app.name}", _maintained({"enabled": True, "archive": True}))]

    async def start(self) -> list[Step]:
        """Restore the app and let visitors in."""
        app = await self._app()
        return [self._changed(app, f"restore {app.name}, out of archive and maintenance", _maintained(None))]

    async def restart(self) -> list[Step]:
        """The platform's rolling restart."""
        app = await self._app()

        async def act() -> str:
            before = {deployment.id for deployment in await asyncio.to_thread(self._api.deployments, app.id)}
            try:
                started = await asyncio.to_thread(self._api.restart, app.id)
            except LOST_ANSWERS:
                started = (await asyncio.to_thread(self._api.deployments, app.id))[0]
                if started.id in before:
                    raise
            return await self._awaited(app, started)

        return [Step(self._name, f"restart {app.name}, instance by instance", act)]

    async def scale(self, wish: ScaleWish) -> list[Step]:
        """The count and the size of the service, once the platform finds nothing against them."""
        app = await self._app()
        wanted = {"instance_count": wish.count, "instance_size_slug": wish.size}
        changes = {key: value for key, value in wanted.items() if value is not None}
        service = _service(app.spec)
        said = ", ".join(f"{key} {service.get(key)} → {value}" for key, value in changes.items())
        changed = copy.deepcopy(app.spec)
        _service(changed).update(changes)
        await asyncio.to_thread(self._api.propose, changed, app.id)
        return [self._changed(app, f"change {app.name}: {said}", lambda spec: _service(spec).update(changes))]

    async def _app(self) -> App:
        return await asyncio.to_thread(self._api.app_named, self._app_name)

    def _changed(self, app: App, what: str, change: Callable[[dict[str, Any]], None]) -> Step:
        spec = copy.deepcopy(app.spec)
        change(spec)

        async def act() -> str:
            if spec == app.spec:
                return f"{app.name} is so already"
            try:
                updated = await asyncio.to_thread(self._api.update_app, app.id, spec)
            except LOST_ANSWERS:
                updated = await self._app()
                if updated.spec != spec:
                    raise
            deployment = updated.under_way or updated.active_deployment
            return await self._awaited(app, deployment) if deployment else "the spec is changed"

        return Step(self._name, what, act)

    async def _awaited(self, app: App, deployment: Deployment) -> str:
        done = await asyncio.to_thread(self._api.wait, app.id, deployment.id, _WAIT_SECONDS)
        if done.phase not in ("ACTIVE", "SUPERSEDED"):
            why = f": {done.reason}" if done.reason else ""
            message = (
                f"{app.name}: deployment {done.id} is in phase {done.phase}{why}; what ran before still runs, see: "
                f"./slipway logs --system {self._name} {self._options} --type DEPLOY"
            )
            raise OperationError(message, ExitCode.UNVERIFIED)
        return f"deployment {done.id} is {done.phase}"


def _maintained(mode: dict[str, bool] | None) -> Callable[[dict[str, Any]], None]:
    def change(spec: dict[str, Any]) -> None:
        kept = {key: value for key, value in (spec.get("maintenance") or {}).items() if key == "offline_page_url"}
        if mode or kept:
            spec["maintenance"] = {**kept, **(mode or {})}
        else:
            spec.pop("maintenance", None)

    return change


def _service(spec: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = next(part for part in spec["services"] if part["name"] == COMPONENT)
    return found
