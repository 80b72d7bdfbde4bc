"""The sandbox's own HTTP API: what is there, drift, faults and seeding. For the command line and for tests."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import fields
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from sandbox import paths
from sandbox.cloud import Cloud
from sandbox.code_stamp import code_stamp
from sandbox.deployments import KIND as APP
from sandbox.deployments import Deployments
from sandbox.errors import CloudError, SandboxError
from sandbox.faults import Faults, Plan
from sandbox.front import Front
from sandbox.instances import Behaviour, Instances
from sandbox.resource import ResourceType
from sandbox.store import Document, Store

_HOSTS = ("127.0.0.1", "localhost")


class ControlApi:
    """The handlers, over one sandbox's parts."""

    def __init__(
        self,
        store: Store,
        clouds: Mapping[str, Cloud],
        instances: Instances,
        front: Front,
        deployments: Deployments,
    ) -> None:
        self._store = store
        self._clouds = clouds
        self._instances = instances
        self._front = front
        self._deployments = deployments
        self._faults = Faults(store)
        self._code = code_stamp()

    def application(self) -> Starlette:
        """The ASGI application."""
        routes = {
            ("/status", "GET"): self._status,
            ("/resources", "GET"): self._resources,
            ("/drift", "POST"): self._drift,
            ("/behaviour", "POST"): self._behave,
            ("/faults", "GET"): self._list_faults,
            ("/faults", "POST"): self._plant_fault,
            ("/faults", "DELETE"): self._clear_faults,
            ("/seed", "POST"): self._seed,
        }
        return Starlette(routes=[Route(path, _guarded(run), methods=[verb]) for (path, verb), run in routes.items()])

    async def _status(self, _: Request) -> Any:
        apps = [self._app_status(id_, app) for id_, app in self._store.all(APP)]
        return {"pid": os.getpid(), "code": self._code, "apps": apps, "faults": len(self._faults.all())}

    def _app_status(self, id_: str, app: Document) -> Document:
        port = self._front.port(id_)
        ids = self._deployments.running(id_)
        return {
            "id": id_,
            "name": app["spec"]["name"],
            "live_url": app.get("liveUrl", ""),
            "deployment": app.get("activeDeploymentId", ""),
            "url": f"http://127.0.0.1:{port}" if port else None,
            "instances": [self._instance_status(instance_id) for instance_id in ids],
        }

    def _instance_status(self, instance_id: str) -> Document:
        behaviour = self._instances.behaviour(instance_id)
        return {
            "id": instance_id,
            "url": f"http://127.0.0.1:{self._instances.port(instance_id)}",
            "running": self._instances.running(instance_id),
            "healthy": self._instances.healthy(instance_id),
            "health_paths": list(behaviour.health_paths) if behaviour else [],
        }

    async def _resources(self, request: Request) -> Any:
        wanted = request.query_params.get("kind")
        kinds = [wanted] if wanted else [kind for kind in self._store.kinds() if not kind.startswith("sandbox/")]
        return {kind: [{"id": id_, "properties": body} for id_, body in self._store.all(kind)] for kind in kinds}

    async def _drift(self, request: Request) -> Any:
        """`{kind, id, path?, value?}`: set a path (a value), delete a path (no value) or the resource (no path)."""
        wanted = await request.json()
        type_, cloud = self._type(wanted)
        key = self._key(wanted)
        document = self._store.get(type_.kind, key)
        if document is None:
            raise SandboxError(f"there is no {type_.kind} {key!r}; GET /resources lists what there is")
        if "path" not in wanted:
            await cloud.delete(type_, key, {})
            return {"deleted": key}
        path = paths.parse(wanted["path"])
        before = paths.lookup(document, path)
        try:
            if "value" in wanted:
                paths.assign(document, path, wanted["value"])
            else:
                paths.remove(document, path)
        except KeyError as error:
            raise SandboxError(str(error.args[0])) from error
        self._store.put(type_.kind, key, document)
        await cloud.rerun(type_, key)
        return {"id": key, "path": paths.show(path), "before": before, "after": wanted.get("value")}

    async def _behave(self, request: Request) -> Any:
        """`{target, changes}`: how an instance, or an app by name, answers from now on; no changes take it back."""
        wanted = await request.json()
        changes = wanted.get("changes") or {}
        known = {field.name for field in fields(Behaviour)}
        unknown = sorted(set(changes) - known)
        if unknown:
            raise SandboxError(f"a behaviour has no field {unknown[0]!r}; it has {', '.join(sorted(known))}")
        await self._deployments.behave(wanted["target"], changes)
        return {"target": wanted["target"], "changes": changes}

    async def _list_faults(self, _: Request) -> Any:
        return self._faults.all()

    async def _plant_fault(self, request: Request) -> Any:
        return {"id": self._faults.plant(Plan.read(await request.json()))}

    async def _clear_faults(self, request: Request) -> Any:
        return {"removed": self._faults.clear(request.query_params.get("id"))}

    async def _seed(self, request: Request) -> Any:
        """`{kind, id?, properties}`: a resource that exists before the program runs. One with that id is left alone."""
        wanted = await request.json()
        type_, cloud = self._type(wanted)
        id_ = wanted.get("id") or ""
        properties = wanted.get("properties") or {}
        existing = self._store.get(type_.kind, id_) if id_ else _same_name(self._store, type_, properties)
        if existing is not None:
            return {"id": id_ or existing["__id"], "created": False}
        created, _ = await cloud.create(type_, properties, id_=id_)
        return {"id": created, "created": True}

    def _type(self, wanted: Document) -> tuple[ResourceType, Cloud]:
        for cloud in self._clouds.values():
            if wanted.get("kind") in cloud.by_kind:
                return cloud.by_kind[wanted["kind"]], cloud
        known = sorted(kind for cloud in self._clouds.values() for kind in cloud.by_kind)
        raise SandboxError(f"{wanted.get('kind')!r} is not emulated; emulated kinds: {', '.join(known)}")

    def _key(self, wanted: Document) -> str:
        """The id as given, or the id of the only resource of that name."""
        if self._store.get(wanted["kind"], str(wanted.get("id"))) is not None:
            return str(wanted["id"])
        type_, _ = self._type(wanted)
        named = [id_ for id_, body in self._store.all(type_.kind) if type_.name_of(body) == wanted.get("id")]
        return named[0] if len(named) == 1 else str(wanted.get("id"))


def _same_name(store: Store, type_: ResourceType, properties: Document) -> Document | None:
    name = type_.name_of(properties)
    for id_, body in store.all(type_.kind):
        if name and type_.name_of(body) == name:
            return {**body, "__id": id_}
    return None


def _guarded(run: Callable[[Request], Awaitable[Any]]) -> Callable[[Request], Awaitable[JSONResponse]]:
    async def handle(request: Request) -> JSONResponse:
        # A page in a browser may be made to call loopback under a foreign name.
        if request.url.hostname not in _HOSTS:
            return JSONResponse({"error": "only for 127.0.0.1"}, 403)
        try:
            return JSONResponse(await run(request))
        except (SandboxError, CloudError, KeyError, ValueError) as error:
            missing = isinstance(error, KeyError)
            return JSONResponse({"error": f"the field {error} is missing" if missing else str(error)}, 400)

    return handle
