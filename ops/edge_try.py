"""`edge try`: the edge of a stack as a reverse proxy on loopback, in front of what runs in the emulated cloud."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from socket import socket
from typing import Final

import urllib3
from starlette.applications import Starlette
from starlette.requests import Request as HttpRequest
from starlette.responses import HTMLResponse, PlainTextResponse, Response

from edge.proxy import Answer, Origin, Proxy
from edge.request import Request
from ops.edge_page import page
from ops.errors import OperationError
from ops.exit_code import ExitCode
from ops.sandbox import Clients, surround
from ops.stack import load_stack
from planning.app import app_name as fly_name
from planning.app_platform import app_name as app_platform_name
from planning.edge_site import sites
from sandbox.errors import PortTakenError, SandboxError
from sandbox.listener import LOOPBACK, Listener, bind
from settings.fly_system import FlySystem
from settings.stack import Stack

PAGE: Final = "/__edge"
"""Where the page with the rules, their hits and the cache is."""

_METHODS: Final = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
_TIMEOUT_SECONDS: Final = 60.0


def try_edge(root: Path, stack_name: str, port: int) -> Iterator[str]:
    """Serve until interrupted. Yields what to try first. Raises OperationError."""
    stack = load_stack(root, stack_name)
    _, _, clients = surround(root, stack_name)
    origins = deployed(stack, clients)
    if not origins:
        raise OperationError(
            f"nothing of {stack_name} runs in the emulated cloud; run ./slipway rehearse {stack_name} first",
            ExitCode.SANDBOX,
        )
    try:
        sock = bind(port, strict=True)
    except PortTakenError as error:
        raise OperationError(str(error), ExitCode.USAGE) from None
    proxy = Proxy(sites(stack), time.monotonic)
    yield f"the edge of {stack_name} answers at http://{LOOPBACK}:{port}; its rules and cache: {PAGE}"
    for host in sorted(origins):
        yield f"  curl -i -H 'Host: {host}' http://{LOOPBACK}:{port}/"
    asyncio.run(_serve(application(proxy, over_http(origins), min(origins)), sock))


def deployed(stack: Stack, clients: Clients) -> dict[str, str]:
    """By host name, the address on loopback of the app that answers for it."""
    apps = {app["name"]: app["url"] for app in clients.control.status()["apps"] if app["url"]}
    found: dict[str, str] = {}
    for system in stack.systems.values():
        if isinstance(system, FlySystem):
            name = fly_name(system.app, stack.environment)
            url = _fly_url(clients, name)
            hosts = [*system.host_names, f"{name}.fly.dev"]
        else:
            url, hosts = apps.get(app_platform_name(system, stack.environment)), list(system.host_names)
        if url:
            found |= dict.fromkeys(hosts, url)
    return found


def _fly_url(clients: Clients, name: str) -> str | None:
    """Where an app on the emulated Fly.io listens; None before its first deployment."""
    try:
        url: str | None = clients.fly.app(name)["url"]
    except SandboxError:
        return None
    return url


def over_http(origins: Mapping[str, str]) -> Origin:
    """An origin that asks the app behind a request's host."""
    pool = urllib3.PoolManager(retries=False, timeout=_TIMEOUT_SECONDS)

    def ask(request: Request) -> Answer:
        tail = request.path + (f"?{request.query}" if request.query else "")
        headers = {**request.headers, "host": request.host}
        try:
            came = pool.request(
                request.method, origins[request.host] + tail, headers=headers, body=request.body, redirect=False
            )
        except urllib3.exceptions.HTTPError:
            return Answer(522, {"content-type": "text/plain"}, b"the origin does not answer\n")
        return Answer(came.status, {name.lower(): value for name, value in came.headers.items()}, came.data)

    async def origin(request: Request) -> Answer:
        return await asyncio.to_thread(ask, request)

    return origin


def application(proxy: Proxy, origin: Origin, default_host: str) -> Starlette:
    """The proxy as an ASGI application. A request for no known host, as a browser sends it, is for `default_host`."""

    async def answer(http: HttpRequest) -> Response:
        if http.url.path == PAGE:
            return HTMLResponse(page(proxy))
        named = (http.headers.get("host") or "").partition(":")[0]
        host = named if proxy.site(named) else default_host
        site = proxy.site(host)
        if site is None:
            return PlainTextResponse(f"no site for {host}\n", 404)
        came = await proxy.answer(site, await _request(http, host), origin)
        return Response(came.body, came.status, dict(came.headers))

    app = Starlette()
    app.add_route("/{path:path}", answer, methods=_METHODS)
    return app


async def _request(http: HttpRequest, host: str) -> Request:
    path = http.scope["raw_path"].decode("latin-1")
    query = http.scope["query_string"].decode("latin-1")
    headers = {name: value for name, value in http.headers.items() if name not in {"host", "content-length"}}
    return Request(
        http.method,
        f"https://{host}{path}" + (f"?{query}" if query else ""),
        headers,
        # Which visitor a try plays may be chosen, to see limits count by address.
        address=http.headers.get("cf-connecting-ip") or (http.client.host if http.client else LOOPBACK),
        country=http.headers.get("cf-ipcountry", "US"),
        body=await http.body(),
    )


async def _serve(app: Starlette, sock: socket) -> None:
    listener = Listener(app, sock)
    await listener.open()
    try:
        while True:
            await asyncio.sleep(3600)
    finally:
        await listener.close()
