"""An emulated Fly.io on a free loopback port, with real instances, fronts and faults behind it."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import urllib3
import uvicorn

from sandbox.faults import Faults, Plan
from sandbox.fly import build, organizations
from sandbox.front import Front
from sandbox.instances import Instances
from sandbox.store import Store

TOKEN = "FlyV1 fm2_emulated"


class Answer:
    """Status, headers and decoded body of a response."""

    def __init__(self, response: urllib3.BaseHTTPResponse) -> None:
        self.status = response.status
        self.headers = response.headers
        self.body: Any = _decoded(response)


def _decoded(response: urllib3.BaseHTTPResponse) -> Any:
    is_json = response.headers.get("Content-Type", "").startswith("application/json")
    return json.loads(response.data) if response.data and is_json else None


class Platform:
    """A running emulation, and the calls a test makes to it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.store = Store(path)
        self.faults = Faults(self.store)
        self._pool = urllib3.PoolManager(retries=False, timeout=40)
        self._ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True)
        self._thread.start()
        assert self._ready.wait(30)

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        self.instances = Instances(self.store)
        front = Front(self.store, self.instances)
        app = build(self.store, self.instances, front, self.faults)
        self._server = uvicorn.Server(uvicorn.Config(app, port=0, log_config=None, timeout_graceful_shutdown=1))
        self._server.install_signal_handlers = lambda: None  # type: ignore[method-assign]
        task = asyncio.create_task(self._server.serve())
        while not self._server.started:
            await asyncio.sleep(0.005)
        self.url = f"http://127.0.0.1:{self._server.servers[0].sockets[0].getsockname()[1]}"
        self._ready.set()
        await task
        await front.close()
        await self.instances.close()

    def empty(self) -> None:
        """Back to an emulation in which nothing was ever done."""
        for name, app in self.store.all("fly/app"):
            self.store.put("fly/app", name, {**app, "organization": "personal"})
        self.ok("PUT", "/sandbox/fly/limits", {"on": False})
        self.faults.clear()
        for name, _ in self.store.all("fly/app"):
            self.ok("DELETE", f"/v1/apps/{name}")
        for kind in self.store.kinds():
            for id_, _ in self.store.all(kind):
                if kind.startswith("fly/") and (kind, id_) != ("fly/organization", "personal"):
                    self.store.delete(kind, id_)
        organizations.seed(self.store)

    def close(self) -> None:
        self._server.should_exit = True
        self._thread.join(30)
        self._pool.clear()
        self.store.close()

    def call(self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None) -> Answer:
        response = self._pool.request(
            method,
            self.url + path,
            body=None if body is None else json.dumps(body),
            headers={"Authorization": TOKEN, "Content-Type": "application/json", **(headers or {})},
        )
        return Answer(response)

    def disconnect(self) -> None:
        """Forget the open connections: the server closes one whose request it could not finish."""
        self._pool.clear()

    def ok(self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None) -> Any:
        answer = self.call(method, path, body, headers)
        assert answer.status < 300, (answer.status, answer.body)
        return answer.body

    def refused(
        self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None
    ) -> tuple[int, str]:
        answer = self.call(method, path, body, headers)
        assert answer.status >= 400, answer.body
        return answer.status, answer.body["error"]

    def graphql(self, query: str, **variables: Any) -> Any:
        return self.ok("POST", "/graphql", {"query": query, "variables": variables})

    def app(self, name: str = "paintbox", organization: str = "personal") -> str:
        self.ok("POST", "/v1/apps", {"name": name, "org_slug": organization})
        return name

    def launch(self, app: str = "paintbox", **request: Any) -> Any:
        config = {"image": "slipway/paintbox:v1", **request.pop("config", {})}
        return self.ok("POST", f"/v1/apps/{app}/machines", {"region": "sjc", "config": config, **request})

    def machine(self, id_: str, app: str = "paintbox") -> Any:
        return self.ok("GET", f"/v1/apps/{app}/machines/{id_}")

    def wait(self, id_: str, state: str, app: str = "paintbox") -> Any:
        return self.ok("GET", f"/v1/apps/{app}/machines/{id_}/wait?state={state}&timeout=20")

    def front(self, app: str = "paintbox") -> Any:
        return self.ok("GET", f"/sandbox/fly/apps/{app}")

    def fetch(self, url: str) -> urllib3.BaseHTTPResponse:
        return self._pool.request("GET", url)

    def plant(self, **plan: Any) -> None:
        self.faults.plant(Plan(api="fly", **plan))


CHECK = {"type": "http", "path": "/ready", "interval": "10s", "timeout": "2s", "grace_period": "100ms"}


def web(image: str = "slipway/paintbox:v1", **config: Any) -> dict[str, Any]:
    """The configuration of a machine with one HTTP service and one check that decides about routing."""
    service = {"internal_port": 8080, "protocol": "tcp", "ports": [{"port": 443}], "checks": [CHECK]}
    return {"image": image, "services": [service], **config}


@pytest.fixture(scope="session")
def _running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    running = Platform(tmp_path_factory.mktemp("fly") / "cloud.sqlite")
    yield running
    running.close()


@pytest.fixture
def platform(_running: Platform) -> Iterator[Platform]:
    """An emulation without apps, settings and faults. One server serves all tests: stopping one takes a while."""
    yield _running
    _running.empty()


@pytest.fixture
def own_platform(tmp_path: Path) -> Iterator[Platform]:
    """An emulation of this test's own, to stop and start."""
    running = Platform(tmp_path / "cloud.sqlite")
    yield running
    running.close()
