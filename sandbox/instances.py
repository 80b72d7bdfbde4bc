"""The HTTP servers behind deployed apps: real listeners on loopback that behave as they are told.

They stand in for the app's own program only: what they answer is emulated, how they are reached is real.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.websockets import WebSocket

from sandbox import ports
from sandbox.listener import Listener
from sandbox.sockets import talk
from sandbox.store import Store

STATIC_PREFIXES = ("/_astro/", "/_next/static/")
YEAR_SECONDS = 31_536_000
MEMORY_BYTES = 1_073_741_824
JWKS_PATHS = ("/.well-known/jwks.json", "/api/.well-known/jwks.json")


@dataclass(frozen=True)
class Behaviour:
    """How an instance answers.

    A path in `failing_paths` is answered with `status_when_failing`. Nothing listens in the first `boot_seconds`, nor
    after `crash_after_seconds` (None: never). `port_hint` is taken when it is free and no earlier port is known.
    """

    system: str
    region: str
    port_hint: int | None
    health_paths: tuple[str, ...]
    boot_seconds: float = 0
    failing_paths: tuple[str, ...] = ()
    status_when_failing: int = 503
    crash_after_seconds: float | None = None
    latency_ms: int = 0
    memory_percent: int = 25
    version: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def healthy(self) -> bool:
        """False when a health path is one of the failing ones."""
        return not set(self.health_paths) & set(self.failing_paths)


class Instance:
    """One running server of an app."""

    def __init__(self, id_: str, behaviour: Behaviour) -> None:
        self.id = id_
        self.behaviour = behaviour
        self.started = time.monotonic()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """The ASGI application."""
        if scope["type"] == "websocket":
            await talk(WebSocket(scope, receive, send))
        if scope["type"] != "http":
            return
        response = await self._answer(Request(scope, receive))
        response.headers["x-slipway-instance"] = self.id
        for name, value in self.behaviour.headers.items():
            response.headers[name] = value
        await response(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        behaviour = self.behaviour
        if behaviour.latency_ms:
            await asyncio.sleep(behaviour.latency_ms / 1000)
        path = request.url.path
        failing = path in behaviour.failing_paths
        status = behaviour.status_when_failing if failing else 200
        if path in behaviour.health_paths:
            return JSONResponse(self._health(failing=failing), status, headers={"cache-control": "no-store"})
        if failing:
            return PlainTextResponse("failing on request\n", status)
        if path in JWKS_PATHS:
            return JSONResponse({"keys": [{"kty": "OKP", "crv": "Ed25519", "use": "sig", "kid": behaviour.system}]})
        if path == "/":
            return HTMLResponse(self._page(), headers={"cache-control": "public, max-age=300, s-maxage=3600"})
        if path.startswith(STATIC_PREFIXES):
            return Response(
                f"/* {path} of {behaviour.system} */\n",
                media_type="text/css" if path.endswith(".css") else "text/javascript",
                headers={"cache-control": f"public, max-age={YEAR_SECONDS}, immutable"},
            )
        if path.startswith("/api/"):
            return JSONResponse({"path": path, "version": behaviour.version}, headers={"cache-control": "no-store"})
        return PlainTextResponse("not found\n", 404)

    def _health(self, *, failing: bool) -> dict[str, Any]:
        return {
            "status": "unhealthy" if failing else "healthy",
            "timestamp": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "service": self.behaviour.system,
            "version": self.behaviour.version,
            "environment": "production",
            "uptime": round(time.monotonic() - self.started, 3),
            "memory": {
                "used": MEMORY_BYTES * self.behaviour.memory_percent // 100,
                "total": MEMORY_BYTES,
                "percentage": self.behaviour.memory_percent,
            },
            "checks": dict.fromkeys(("database", "telnyx", "sinch", "firebase"), "pass"),
            "instance": {"id": self.id, "region": self.behaviour.region},
            "activeConnections": 0,
            "totalConnected": 0,
            "messageQueueSize": 0,
            "averageLatency": 0,
            "lastHeartbeat": int(time.time() * 1000),
        }

    def _page(self) -> str:
        return (
            f"<!doctype html><html lang=en><title>{self.behaviour.system}</title>"
            f"<h1>{self.behaviour.system}</h1><p>version {self.behaviour.version or 'unknown'}, "
            f"instance {self.id}, {self.behaviour.region}. Emulated.</p></html>\n"
        )


class Instances:
    """All instances of a sandbox, by id. The ports are kept in the store."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._instances: dict[str, Instance] = {}
        self._listeners: dict[str, Listener] = {}
        self._timers: dict[str, asyncio.Task[None]] = {}

    async def start(self, instance_id: str, behaviour: Behaviour) -> int:
        """Start an instance, or replace the behaviour of a running one. Returns its port."""
        running = self._instances.get(instance_id)
        if running and instance_id in self._listeners and self._listeners[instance_id].is_open:
            self._forget_timer(instance_id)
            running.behaviour = behaviour
            running.started = time.monotonic()
            listener = self._listeners[instance_id]
            self._schedule(instance_id, listener, behaviour, boot=0)
            return listener.port
        await self.stop(instance_id)
        instance = Instance(instance_id, behaviour)
        listener = Listener(instance, ports.reserve(self._store, f"instance/{instance_id}", behaviour.port_hint))
        self._instances[instance_id] = instance
        self._listeners[instance_id] = listener
        if behaviour.boot_seconds <= 0:
            await listener.open()
        self._schedule(instance_id, listener, behaviour, boot=behaviour.boot_seconds)
        return listener.port

    async def stop(self, instance_id: str, *, forget: bool = False) -> None:
        """Stop an instance; nothing happens when there is none. With `forget` its port is given up."""
        self._forget_timer(instance_id)
        self._instances.pop(instance_id, None)
        listener = self._listeners.pop(instance_id, None)
        if listener:
            await listener.close()
        if forget:
            ports.release(self._store, f"instance/{instance_id}")

    def port(self, instance_id: str) -> int | None:
        """The instance's port, listening or not; None for an unknown instance."""
        listener = self._listeners.get(instance_id)
        return listener.port if listener else None

    def running(self, instance_id: str) -> bool:
        """True while the instance accepts connections."""
        listener = self._listeners.get(instance_id)
        return listener is not None and listener.is_open

    def healthy(self, instance_id: str) -> bool:
        """True while the instance accepts connections and its health paths answer 200."""
        return self.running(instance_id) and self._instances[instance_id].behaviour.healthy

    def behaviour(self, instance_id: str) -> Behaviour | None:
        """How the instance behaves now; None for an unknown one."""
        instance = self._instances.get(instance_id)
        return instance.behaviour if instance else None

    def application(self, instance_id: str) -> Instance:
        """The instance's ASGI application, for a front that forwards to it. Raises KeyError for an unknown one."""
        return self._instances[instance_id]

    async def close(self) -> None:
        """Stop everything."""
        await asyncio.gather(*(self.stop(instance_id) for instance_id in list(self._listeners)))

    def _schedule(self, instance_id: str, listener: Listener, behaviour: Behaviour, *, boot: float) -> None:
        if boot <= 0 and behaviour.crash_after_seconds is None:
            return

        async def live() -> None:
            if boot > 0:
                await asyncio.sleep(boot)
                await listener.open()
            if behaviour.crash_after_seconds is not None:
                await asyncio.sleep(behaviour.crash_after_seconds)
                await listener.close()

        self._timers[instance_id] = asyncio.create_task(live())

    def _forget_timer(self, instance_id: str) -> None:
        timer = self._timers.pop(instance_id, None)
        if timer:
            timer.cancel()
