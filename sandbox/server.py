"""The sandbox's process: both emulated providers, the vendors' HTTP APIs, the control API and the apps, on one loop."""

from __future__ import annotations

import asyncio
import importlib.metadata
import json
import logging
import os
import signal
import threading
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import grpc.aio
from pulumi.runtime.proto import provider_pb2_grpc

from sandbox import ports, sdk_types
from sandbox.cloud import Cloud
from sandbox.cloudflare import catalog as cloudflare
from sandbox.cloudflare.api.routes import OPERATIONS as CLOUDFLARE_API
from sandbox.cloudflare.api.vendor import Cloudflare
from sandbox.control_api import ControlApi
from sandbox.deployments import KIND as APP
from sandbox.deployments import Deployments
from sandbox.digitalocean import catalog as digitalocean
from sandbox.digitalocean.api.routes import OPERATIONS as DIGITALOCEAN_API
from sandbox.digitalocean.api.vendor import DigitalOcean
from sandbox.errors import PortTakenError
from sandbox.faults import Faults
from sandbox.fly import build as build_fly
from sandbox.front import Front
from sandbox.instances import Instances
from sandbox.listener import LOOPBACK, Listener, bind, free_port
from sandbox.provider import Provider
from sandbox.resource import ResourceType
from sandbox.store import Store
from sandbox.vault import Vault
from sandbox.vendor_api import VendorApi

SERVER_FILE = "server.json"
STORE_FILE = "cloud.sqlite"
KEY_FILE = "vault.key"

# The engine sends whole states and assets; 400 MiB is what pulumi's own servers accept.
_MESSAGE_BYTES = 400 * 1024 * 1024
_HOME_CHECK_SECONDS = 0.5

_log = logging.getLogger("sandbox")


class Sandbox:
    """Everything that one home directory's sandbox runs."""

    def __init__(self, home: Path, *, control_port: int | None = None) -> None:
        self._home = home
        self._control_port = control_port
        self._store = Store(home / STORE_FILE)
        vault = Vault.at(home / KEY_FILE)
        self._instances = Instances(self._store)
        self._front = Front(self._store, self._instances)
        self._deployments = Deployments(self._store, self._instances, self._front)
        self._clouds = {
            "digitalocean": Cloud(
                "digitalocean",
                digitalocean.TYPES,
                self._store,
                vault,
                attempts=digitalocean.ATTEMPTS,
                runners={APP: self._deployments},
            ),
            "cloudflare": Cloud("cloudflare", cloudflare.TYPES, self._store, vault, attempts=cloudflare.ATTEMPTS),
        }
        self._servers: list[grpc.aio.Server] = []
        self._listeners: list[Listener] = []

    async def open(self) -> None:
        """Listen everywhere, serve the apps of the store again, then write server.json."""
        endpoints: dict[str, Any] = {"pid": os.getpid(), "started_at": datetime.now(UTC).isoformat()}
        control = ControlApi(self._store, self._clouds, self._instances, self._front, self._deployments)
        endpoints["control"] = await self._listen("control", control.application(), self._control_port)
        endpoints["digitalocean"] = await self._serve("digitalocean", digitalocean)
        endpoints["cloudflare"] = await self._serve("cloudflare", cloudflare)
        fly = build_fly(self._store, self._instances, self._front, Faults(self._store))
        url = await self._listen("fly", fly)
        endpoints["fly"] = {"graphql": url, "machines": url, "uiex": url}
        endpoints["apis"] = await self._listen_as_vendors()
        await self._deployments.restore()
        _write_atomically(self._home / SERVER_FILE, json.dumps(endpoints, indent=2) + "\n")
        _log.info("listening, control at %s", endpoints["control"])

    async def run(self) -> None:
        """Until a signal comes or the home directory goes."""
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stop.set)
        while not stop.is_set() and (self._home / STORE_FILE).exists():
            try:
                await asyncio.wait_for(stop.wait(), _HOME_CHECK_SECONDS)
            except TimeoutError:
                continue

    async def close(self) -> None:
        """Stop listening and close the store. server.json goes, so that nobody looks for this process."""
        (self._home / SERVER_FILE).unlink(missing_ok=True)
        await asyncio.gather(
            *(server.stop(grace=1) for server in self._servers),
            *(listener.close() for listener in self._listeners),
            self._front.close(),
            self._instances.close(),
            self._deployments.close(),
        )
        self._store.close()

    async def _listen_as_vendors(self) -> dict[str, str]:
        """The vendors' own HTTP APIs; returns their base URLs."""
        parts = (self._deployments, self._instances)
        apps = VendorApi(DigitalOcean(), self._clouds["digitalocean"], *parts).application(DIGITALOCEAN_API)
        edge = VendorApi(Cloudflare(), self._clouds["cloudflare"], *parts).application(CLOUDFLARE_API)
        return {
            "digitalocean": await self._listen("digitalocean-api", apps),
            "cloudflare": f"{await self._listen('cloudflare-api', edge)}/client/v4",
        }

    async def _serve(self, name: str, catalog: Any) -> int:
        cloud = self._clouds[name]
        version = importlib.metadata.version(f"pulumi-{name}")
        server = grpc.aio.server(
            options=[
                ("grpc.max_receive_message_length", _MESSAGE_BYTES),
                ("grpc.max_send_message_length", _MESSAGE_BYTES),
                ("grpc.so_reuseport", 0),
            ]
        )
        servicer = Provider(cloud, version, catalog.LOOKUPS, catalog.say)
        provider_pb2_grpc.add_ResourceProviderServicer_to_server(servicer, server)
        known = self._store.get(ports.KIND, f"server/{name}")
        port = server.add_insecure_port(f"{LOOPBACK}:{free_port(known['port'] if known else None)}")
        if port == 0:
            raise PortTakenError(f"no port for the emulated {name} provider could be opened on {LOOPBACK}; try again")
        self._store.put(ports.KIND, f"server/{name}", {"port": port})
        await server.start()
        self._servers.append(server)
        return port

    async def _listen(self, name: str, app: Any, port: int | None = None) -> str:
        sock = bind(port, strict=True) if port else ports.reserve(self._store, f"server/{name}")
        listener = Listener(app, sock, lifespan=True)
        await listener.open()
        self._listeners.append(listener)
        return f"http://{LOOPBACK}:{listener.port}"


def serve(home: Path, *, control_port: int | None = None) -> None:
    """Run a sandbox until it is stopped. Raises SandboxError, sqlite3.Error and OSError when it cannot start."""

    async def main() -> None:
        sandbox = Sandbox(home, control_port=control_port)
        await sandbox.open()
        _warm((*digitalocean.TYPES, *cloudflare.TYPES))
        try:
            await sandbox.run()
        finally:
            await sandbox.close()

    asyncio.run(main())


def _warm(types: Iterable[ResourceType]) -> None:
    """Load the SDKs' modules beside the first requests, not before the sandbox listens."""

    def load() -> None:
        for type_ in types:
            sdk_types.inputs(type_.pulumi_type)

    threading.Thread(target=load, name="warm", daemon=True).start()


def _write_atomically(path: Path, text: str) -> None:
    draft = path.with_suffix(".new")
    draft.write_text(text)
    draft.chmod(0o600)
    draft.replace(path)
