"""Runs an App Platform app: one HTTP server per replica of each service, and a front as its public address."""

from __future__ import annotations

from typing import Any

from sandbox import paths
from sandbox.errors import DeploymentFailedError
from sandbox.faults import Faults
from sandbox.front import Front
from sandbox.instances import Behaviour, Instances
from sandbox.store import Document, Store
from sandbox.values import Properties

KIND = "digitalocean/app"
DEPLOYMENT = "sandbox/deployment"
BEHAVIOUR = "sandbox/behaviour"


class Deployments:
    """The running apps. What was planted with `behave` (slow boot, failing paths …) holds for the next start too."""

    def __init__(self, store: Store, instances: Instances, front: Front) -> None:
        self._store = store
        self._instances = instances
        self._front = front
        self._faults = Faults(store)
        self._running: dict[str, set[str]] = {}

    async def apply(self, id_: str, document: Document) -> Properties:
        """Build and start what the spec says; instances that are no longer wanted stop afterwards.

        A failed build leaves the app, and what served before keeps serving.
        """
        spec = document["spec"]
        deployment = self._deployment_id(id_)
        if self._faults.build_fails("digitalocean", f"app/{spec['name']}"):
            self._store.put(DEPLOYMENT, deployment, {"app": id_, "phase": "ERROR", "spec": spec})
            raise DeploymentFailedError(
                id_, (f"app {spec['name']} ({id_}): deployment {deployment} is in phase ERROR: the build failed",)
            )
        await self._serve(id_, spec)
        self._store.put(DEPLOYMENT, deployment, {"app": id_, "phase": "ACTIVE", "spec": spec})
        return {"activeDeploymentId": deployment}

    async def remove(self, id_: str) -> None:
        """Stop the app and give its ports up."""
        await self._front.shut(id_)
        for instance_id in self._running.pop(id_, set()):
            await self._instances.stop(instance_id, forget=True)
        for deployment, _ in self._store.find(DEPLOYMENT, app=id_):
            self._store.delete(DEPLOYMENT, deployment)

    async def _serve(self, id_: str, spec: Document) -> None:
        wanted = {service["name"]: _behaviour(spec, service) for service in _services(spec)}
        await self._front.open(id_)
        started: dict[str, list[str]] = {}
        for service in _services(spec):
            ids = [f"{spec['name']}-{service['name']}-{index}" for index in range(_replicas(service))]
            started[service["name"]] = ids
            for instance_id in ids:
                planted = self._store.get(BEHAVIOUR, instance_id) or self._store.get(BEHAVIOUR, spec["name"]) or {}
                await self._instances.start(instance_id, _with(wanted[service["name"]], planted))
        self._route(id_, spec, started)
        now = {instance_id for ids in started.values() for instance_id in ids}
        for instance_id in self._running.get(id_, set()) - now:
            await self._instances.stop(instance_id, forget=True)
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
            deployment = self._store.get(DEPLOYMENT, document.get("activeDeploymentId") or "")
            if deployment:
                await self._serve(id_, deployment["spec"])
            elif not self._store.find(DEPLOYMENT, app=id_):
                self._store.put(KIND, id_, {**document, **await self.apply(id_, document)})

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

    def _deployment_id(self, app_id: str) -> str:
        number = self._store.next_number(DEPLOYMENT)
        return f"{app_id[:24]}{number:012x}"


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
