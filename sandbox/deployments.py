"""Runs an App Platform app: one HTTP server per replica of each service, and a front as its public address."""

from __future__ import annotations

import asyncio
from typing import Any, Final

from sandbox import paths
from sandbox.app_logs import AppLogs
from sandbox.deployment_history import History
from sandbox.errors import DeploymentFailedError
from sandbox.faults import Faults
from sandbox.front import Front
from sandbox.instances import Behaviour, Instances
from sandbox.store import Document, Store
from sandbox.values import Properties

KIND = "digitalocean/app"
BEHAVIOUR = "sandbox/behaviour"
STEP_SECONDS: Final = 0.05
"""How long a deployment that the API started stays in each of its phases."""


class Deployments:
    """The running apps. What was planted with `behave` (slow boot, failing paths …) holds for the next start too."""

    def __init__(self, store: Store, instances: Instances, front: Front) -> None:
        self.history = History(store)
        self.logs = AppLogs()
        self._store = store
        self._instances = instances
        self._front = front
        self._faults = Faults(store)
        self._running: dict[str, set[str]] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}

    async def apply(self, id_: str, document: Document) -> Properties:
        """Build and start what the spec says; instances that are no longer wanted stop afterwards.

        A failed build leaves the app, and what served before keeps serving.
        """
        spec = document["spec"]
        self._cut_off(id_)
        deployment = self.history.begin(id_, spec, cause="app spec updated", action="UPDATE_SPEC")
        failure = self._failure(spec)
        if failure:
            self.history.move(deployment, "ERROR", failure)
            raise DeploymentFailedError(
                id_, (f"app {spec['name']} ({id_}): deployment {deployment} is in phase ERROR: {failure}",)
            )
        await self._serve(id_, spec)
        self.history.move(deployment, "ACTIVE")
        return {"activeDeploymentId": deployment}

    def begin(
        self, id_: str, spec: Document, *, cause: str, action: str, cloned_from: str = "", build: bool = True
    ) -> str:
        """Start a deployment that goes through its phases by itself, as the API does. Returns its id.

        One that is under way already is superseded by it. Without `build` what was built before is started.
        """
        self._cut_off(id_)
        deployment = self.history.begin(id_, spec, cause=cause, action=action, cloned_from=cloned_from)
        self._tasks[id_] = asyncio.create_task(self._go_through(id_, deployment, spec, build=build))
        return deployment

    def cancel(self, id_: str, deployment: str) -> None:
        """Stop a deployment that is under way; what served before keeps serving."""
        task = self._tasks.pop(id_, None)
        if task:
            task.cancel()
        self.history.move(deployment, "CANCELED", "canceled by the user")

    def _cut_off(self, id_: str) -> None:
        """There is one deployment at a time: the newer one ends the older."""
        under_way = self.history.under_way(id_)
        if under_way:
            self.cancel(id_, under_way)

    async def close(self) -> None:
        """Stop what is under way."""
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def remove(self, id_: str) -> None:
        """Stop the app and give its ports up."""
        task = self._tasks.pop(id_, None)
        if task:
            task.cancel()
        await self._front.shut(id_)
        for instance_id in self._running.pop(id_, set()):
            await self._instances.stop(instance_id, forget=True)
        self.history.forget(id_)
        self.logs.forget(id_)

    async def _go_through(self, id_: str, deployment: str, spec: Document, *, build: bool) -> None:
        for phase in ("BUILDING", "PENDING_DEPLOY", "DEPLOYING"):
            await asyncio.sleep(STEP_SECONDS)
            if phase != "BUILDING" or build:
                self.history.move(deployment, phase)
        await asyncio.sleep(STEP_SECONDS)
        failure = self._failure(spec, build=build)
        if failure:
            self.history.move(deployment, "ERROR", failure)
            self._tasks.pop(id_, None)
            return
        await self._serve(id_, spec)
        self.history.move(deployment, "ACTIVE")
        document = self._store.get(KIND, id_)
        if document:
            self._store.put(KIND, id_, {**document, "activeDeploymentId": deployment})
        self._tasks.pop(id_, None)

    def _failure(self, spec: Document, *, build: bool = True) -> str:
        """Why the next version of an app is not to come up; empty when it is."""
        target = f"app/{spec['name']}"
        if build and self._faults.strikes("build", "digitalocean", target):
            return "the build failed"
        if self._faults.strikes("unhealthy", "digitalocean", target):
            return "the health checks of the new instances failed"
        return ""

    async def _serve(self, id_: str, spec: Document) -> None:
        wanted = {service["name"]: _behaviour(spec, service) for service in _services(spec)}
        offline = spec.get("maintenance") or {}
        await self._front.open(id_)
        started: dict[str, list[str]] = {}
        for service in () if offline.get("archive") else _services(spec):
            ids = [f"{spec['name']}-{service['name']}-{index}" for index in range(_replicas(service))]
            started[service["name"]] = ids
            for instance_id in ids:
                planted = self._store.get(BEHAVIOUR, instance_id) or self._store.get(BEHAVIOUR, spec["name"]) or {}
                await self._instances.start(instance_id, _with(wanted[service["name"]], planted))
                self.logs.write(id_, service["name"], f"{instance_id} started")
        self._route(id_, spec, {} if offline.get("enabled") else started)
        now = {instance_id for ids in started.values() for instance_id in ids}
        for instance_id in self._running.get(id_, set()) - now:
            await self._instances.stop(instance_id, forget=True)
            component = instance_id.rpartition("-")[0].removeprefix(f"{spec['name']}-")
            self.logs.write(id_, component, f"{instance_id} stopped")
        self._running[id_] = now

    async def behave(self, target: str, changes: Properties) -> None:
        """From now on an instance, or all of an app by its name, answer differently. `{}` takes it back."""
        if changes:
            self._store.put(BEHAVIOUR, target, changes)
        else:
            self._store.delete(BEHAVIOUR, target)
        await self.restore()

    async def restore(self) -> None:
        """Serve every app of the store, as after a restart."""
        for id_, document in self._store.all(KIND):
            deployment = self.history.get(id_, self.history.active(id_) or "")
            if deployment:
                await self._serve(id_, deployment["spec"])
            self._go_on(id_)
            if not self.history.of_app(id_):
                self._store.put(KIND, id_, {**document, **await self.apply(id_, document)})

    def _go_on(self, id_: str) -> None:
        """Take a deployment up again that the end of a sandbox cut off."""
        cut_off = self.history.under_way(id_)
        found = self.history.get(id_, cut_off or "")
        if cut_off and found and id_ not in self._tasks:
            self._tasks[id_] = asyncio.create_task(self._go_through(id_, cut_off, found["spec"], build=True))

    def running(self, id_: str) -> list[str]:
        """The app's instance ids, in order."""
        return sorted(self._running.get(id_, set()))

    def _route(self, id_: str, spec: Document, started: dict[str, list[str]]) -> None:
        self._front.clear(id_)
        if not started:
            return
        self._front.route(id_, next(iter(started.values())))
        for rule in paths.lookup(spec, ("ingress", "rules"), []):
            prefix = paths.lookup(rule, ("match", "path", "prefix"))
            component = paths.lookup(rule, ("component", "name"))
            if prefix and component in started:
                self._front.route(id_, started[component], prefix=prefix)


def _services(spec: Document) -> list[Document]:
    return [*(spec.get("services") or []), *({**site, "static": True} for site in spec.get("staticSites") or [])]


def _replicas(service: Document) -> int:
    scaled = paths.lookup(service, ("autoscaling", "minInstanceCount"))
    return int(scaled or service.get("instanceCount") or 1)


def _behaviour(spec: Document, service: Document) -> Behaviour:
    probed = [paths.lookup(service, (check, "httpPath")) for check in ("healthCheck", "livenessHealthCheck")]
    image = service.get("image") or {}
    source = service.get("github") or service.get("gitlab") or service.get("git") or {}
    return Behaviour(
        system=str(spec["name"]),
        region=str(spec.get("region") or ""),
        port_hint=None,
        health_paths=tuple(dict.fromkeys(path for path in probed if path)),
        version=str(image.get("digest") or image.get("tag") or source.get("branch") or ""),
    )


def _with(behaviour: Behaviour, planted: dict[str, Any]) -> Behaviour:
    known: dict[str, Any] = {**behaviour.__dict__}
    for key, value in planted.items():
        known[key] = tuple(value) if isinstance(value, list) else value
    return Behaviour(**known)
