"""The public address of an app: one listener that hands each request to the next healthy instance."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.responses import PlainTextResponse

from sandbox import ports
from sandbox.instances import Instances
from sandbox.listener import Listener
from sandbox.store import Store


class Front:
    """The load balancers of a sandbox, one per app key. The ports are kept in the store."""

    def __init__(self, store: Store, instances: Instances) -> None:
        self._store = store
        self._instances = instances
        self._listeners: dict[str, Listener] = {}
        self._routes: dict[str, dict[str, list[str]]] = {}
        self._turn: dict[str, int] = {}
        self._wakes: dict[str, Callable[[], Awaitable[None]]] = {}

    async def open(self, app_key: str) -> int:
        """Listen for this app; returns the port. An app that is open already keeps its port."""
        if app_key not in self._listeners:
            self._routes.setdefault(app_key, {})
            listener = Listener(self._balancer(app_key), ports.reserve(self._store, f"front/{app_key}"))
            self._listeners[app_key] = listener
            await listener.open()
        return self._listeners[app_key].port

    def route(self, app_key: str, instance_ids: list[str], *, prefix: str = "/") -> None:
        """Forward requests under the path prefix to these instances; the longest prefix wins. None: no such route."""
        routes = self._routes.setdefault(app_key, {})
        if instance_ids:
            routes[prefix] = list(instance_ids)
        else:
            routes.pop(prefix, None)

    def wake_by(self, app_key: str, wake: Callable[[], Awaitable[None]]) -> None:
        """Call this when a request finds nobody to answer it; the request waits for it, then tries again."""
        self._wakes[app_key] = wake

    def clear(self, app_key: str) -> None:
        """Forget all routes of an app."""
        self._routes[app_key] = {}

    async def shut(self, app_key: str) -> None:
        """Stop listening for this app and give its port up."""
        self._routes.pop(app_key, None)
        self._wakes.pop(app_key, None)
        listener = self._listeners.pop(app_key, None)
        if listener:
            await listener.close()
            ports.release(self._store, f"front/{app_key}")

    def port(self, app_key: str) -> int | None:
        """The app's public port; None for an app that is not open."""
        listener = self._listeners.get(app_key)
        return listener.port if listener else None

    async def close(self) -> None:
        """Stop every listener; the ports stay known for the next start."""
        await asyncio.gather(*(listener.close() for listener in self._listeners.values()))
        self._listeners.clear()

    def _balancer(self, app_key: str) -> Any:
        async def balance(scope: Any, receive: Any, send: Any) -> None:
            if scope["type"] not in {"http", "websocket"}:
                return
            instance_id = self._next(app_key, scope["path"])
            if instance_id is None and app_key in self._wakes:
                await self._wakes[app_key]()
                instance_id = self._next(app_key, scope["path"])
            if instance_id is None:
                answer = PlainTextResponse("no healthy upstream\n", 503)
                await answer(scope, receive, send)
                return
            await self._instances.application(instance_id)(scope, receive, send)

        return balance

    def _next(self, app_key: str, path: str) -> str | None:
        routes = self._routes.get(app_key, {})
        prefixes = [prefix for prefix in routes if path.startswith(prefix)]
        if not prefixes:
            return None
        candidates = [found for found in routes[max(prefixes, key=len)] if self._instances.healthy(found)]
        if not candidates:
            return None
        turn = self._turn[app_key] = self._turn.get(app_key, -1) + 1
        return candidates[turn % len(candidates)]
