import asyncio
import threading
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
import urllib3

from sandbox.front import Front
from sandbox.instances import Behaviour, Instances
from sandbox.store import Store

pytestmark = pytest.mark.server

HTTP = urllib3.PoolManager(retries=False, timeout=30)


def behaviour(**changes: object) -> Behaviour:
    given = {"system": "tetrix", "region": "fra", "port_hint": None, "health_paths": ("/api/health",), "version": "1.2"}
    return Behaviour(**{**given, **changes})  # type: ignore[arg-type]


async def get(port: int | None, path: str = "/", **headers: str) -> urllib3.BaseHTTPResponse:
    return await asyncio.to_thread(HTTP.request, "GET", f"http://127.0.0.1:{port}{path}", headers=headers)


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not condition():
            await asyncio.sleep(0.005)


@pytest.fixture
def run(tmp_path: Path) -> Callable[[Callable[[Instances, Front], Awaitable[None]]], None]:
    """Run a coroutine function with instances and fronts, all closed afterwards."""

    def runner(body: Callable[[Instances, Front], Awaitable[None]]) -> None:
        async def whole() -> None:
            store = Store(tmp_path / "cloud.sqlite")
            instances = Instances(store)
            front = Front(store, instances)
            try:
                await body(instances, front)
            finally:
                await front.close()
                await instances.close()
                store.close()

        asyncio.run(whole())

    return runner


Run = Callable[[Callable[[Instances, Front], Awaitable[None]]], None]


def test_a_health_path_answers_json_with_who_answers(run: Run) -> None:
    async def body(instances: Instances, _: Front) -> None:
        port = await instances.start("web-0", behaviour())
        answer = await get(port, "/api/health")
        assert answer.status == 200
        assert answer.headers["x-slipway-instance"] == "web-0"
        assert answer.headers["cache-control"] == "no-store"
        told = answer.json()
        assert (told["status"], told["service"], told["version"]) == ("healthy", "tetrix", "1.2")
        assert told["instance"] == {"id": "web-0", "region": "fra"}
        assert told["memory"]["percentage"] < 80

    run(body)


@pytest.mark.parametrize(
    ("path", "status", "kind", "cache"),
    [
        ("/", 200, "text/html", "public, max-age=300, s-maxage=3600"),
        ("/_astro/index.css", 200, "text/css", "public, max-age=31536000, immutable"),
        ("/_next/static/chunk.js", 200, "text/javascript", "public, max-age=31536000, immutable"),
        ("/api/orders", 200, "application/json", "no-store"),
        ("/nothing", 404, "text/plain", None),
    ],
)
def test_pages_static_files_and_the_api_answer(run: Run, path: str, status: int, kind: str, cache: str | None) -> None:
    async def body(instances: Instances, _: Front) -> None:
        answer = await get(await instances.start("web-0", behaviour()), path)
        assert answer.status == status
        assert answer.headers["content-type"].startswith(kind)
        assert answer.headers.get("cache-control") == cache
        assert answer.headers["x-slipway-instance"] == "web-0"

    run(body)


def test_a_failing_path_fails_and_makes_the_instance_unhealthy(run: Run) -> None:
    async def body(instances: Instances, _: Front) -> None:
        port = await instances.start("web-0", behaviour(failing_paths=("/api/health", "/x"), status_when_failing=500))
        assert not instances.healthy("web-0")
        health = await get(port, "/api/health")
        assert (health.status, health.json()["status"]) == (500, "unhealthy")
        assert (await get(port, "/x")).status == 500
        assert (await get(port)).status == 200

    run(body)


def test_a_booting_instance_refuses_connections(run: Run, time_passes: threading.Event) -> None:
    async def body(instances: Instances, _: Front) -> None:
        port = await instances.start("web-0", behaviour(boot_seconds=0.1))
        assert not instances.running("web-0")
        with pytest.raises(urllib3.exceptions.NewConnectionError):
            await get(port)
        time_passes.set()
        await until(lambda: instances.running("web-0"))
        assert (await get(port)).status == 200

    run(body)


def test_a_crashed_instance_refuses_connections(run: Run, time_passes: threading.Event) -> None:
    async def body(instances: Instances, _: Front) -> None:
        port = await instances.start("web-0", behaviour(crash_after_seconds=0.05))
        assert (await get(port)).status == 200
        time_passes.set()
        await until(lambda: not instances.running("web-0"))
        assert instances.port("web-0") == port
        with pytest.raises(urllib3.exceptions.NewConnectionError):
            await asyncio.to_thread(urllib3.PoolManager(retries=False).request, "GET", f"http://127.0.0.1:{port}/")

    run(body)


def test_starting_again_replaces_the_behaviour_on_the_same_port(run: Run) -> None:
    async def body(instances: Instances, _: Front) -> None:
        port = await instances.start("web-0", behaviour())
        assert await instances.start("web-0", behaviour(version="2", headers={"X-Frame-Options": "DENY"})) == port
        answer = await get(port, "/api/health")
        assert answer.json()["version"] == "2"
        assert answer.headers["x-frame-options"] == "DENY"

    run(body)


def test_a_port_is_the_same_after_a_restart_and_free_after_forgetting(run: Run) -> None:
    ports: list[int] = []

    async def first(instances: Instances, _: Front) -> None:
        ports.append(await instances.start("web-0", behaviour()))

    async def second(instances: Instances, _: Front) -> None:
        ports.append(await instances.start("web-0", behaviour()))
        await instances.stop("web-0", forget=True)
        assert instances.port("web-0") is None

    run(first)
    run(second)
    assert ports[0] == ports[1]


def test_a_taken_port_is_avoided(run: Run) -> None:
    async def body(instances: Instances, _: Front) -> None:
        taken = await instances.start("web-0", behaviour())
        assert await instances.start("web-1", behaviour(port_hint=taken)) != taken

    run(body)


def test_a_front_takes_turns_among_healthy_instances(run: Run) -> None:
    async def body(instances: Instances, front: Front) -> None:
        for index in range(3):
            await instances.start(f"web-{index}", behaviour())
        port = await front.open("app")
        front.route("app", ["web-0", "web-1", "web-2"])

        async def answering(count: int) -> list[str]:
            return [(await get(port)).headers["x-slipway-instance"] for _ in range(count)]

        assert sorted(await answering(6)) == ["web-0", "web-0", "web-1", "web-1", "web-2", "web-2"]
        await instances.start("web-1", behaviour(failing_paths=("/api/health",)))
        await instances.stop("web-2")
        assert set(await answering(3)) == {"web-0"}

    run(body)


def test_a_front_without_a_healthy_instance_answers_503(run: Run) -> None:
    async def body(_: Instances, front: Front) -> None:
        port = await front.open("app")
        assert (await get(port)).status == 503
        front.route("app", ["nothing"])
        assert (await get(port)).status == 503

    run(body)


def test_a_front_routes_by_the_longest_prefix(run: Run) -> None:
    async def body(instances: Instances, front: Front) -> None:
        for name in ("web", "api"):
            await instances.start(name, behaviour())
        port = await front.open("app")
        front.route("app", ["web"])
        front.route("app", ["api"], prefix="/api")
        assert (await get(port, "/api/orders")).headers["x-slipway-instance"] == "api"
        assert (await get(port, "/")).headers["x-slipway-instance"] == "web"
        front.route("app", [], prefix="/api")
        assert (await get(port, "/api/orders")).headers["x-slipway-instance"] == "web"

    run(body)
