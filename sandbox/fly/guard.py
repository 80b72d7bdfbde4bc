"""What every request passes: the token, the rate limits, planted faults before and after, and one transaction."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, NamedTuple

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from sandbox.faults import Fault, Faults
from sandbox.fly import graphql, organizations
from sandbox.fly.call import Call
from sandbox.fly.errors import FlyError, RateLimitedError, UnauthorizedError
from sandbox.fly.limits import Limits
from sandbox.store import Store

if TYPE_CHECKING:
    from sandbox.fly.runner import Runner

Handler = Callable[[Call], object]
# The name under which faults are planted, for all three APIs.
API = "fly"
# Below this path a rehearsal sets up the platform itself.
CONTROL = "/sandbox/"


class Operation(NamedTuple):
    """One endpoint: its name for faults and limits, how it is answered, and the status of success.

    `waits`: the handler is a coroutine that reads only, and must not hold a transaction while it waits.
    """

    name: str
    method: str
    path: str
    handler: Handler
    status: int = 200
    waits: bool = False


class Guard:
    """Turns an `Operation` into an endpoint."""

    def __init__(self, store: Store, runner: Runner, faults: Faults) -> None:
        self._store = store
        self._runner = runner
        self._faults = faults
        self._limits = Limits(store)

    def endpoint(self, operation: Operation) -> Callable[[Request], Awaitable[Response]]:
        """The Starlette endpoint of an operation."""

        async def serve(request: Request) -> Response:
            try:
                call = await self._call(request)
                if operation.path.startswith(CONTROL):
                    body = await self._run(operation, call)
                else:
                    body = await self._pass(operation, call)
            except Fault as fault:
                return _refusal(fault.status, {"error": fault.message}, fault.retry_after)
            except graphql.GraphqlError as error:
                return JSONResponse(error.body)
            except FlyError as error:
                if operation.name == "graphql" and isinstance(error, UnauthorizedError):
                    # With status 200, as the platform does: flyctl would not show the message of a 401.
                    return JSONResponse(error.as_graphql())
                wait = error.retry_after if isinstance(error, RateLimitedError) else None
                return _refusal(error.status, error.as_body(), wait)
            return Response(status_code=operation.status) if body is None else JSONResponse(body, operation.status)

        return serve

    async def _pass(self, operation: Operation, call: Call) -> object:
        name, target = _names(operation, call)
        organizations.authenticate(self._store, call.headers.get("authorization", ""))
        self._limits.take(name, target)
        await self._faults.before(API, name, target)
        body = await self._run(operation, call)
        await call.finish()
        await self._faults.after(API, name, target)
        return body

    async def _run(self, operation: Operation, call: Call) -> object:
        if operation.waits:
            return await operation.handler(call)  # type: ignore[misc]  # `waits` says that it is a coroutine
        if operation.method == "GET":
            return operation.handler(call)
        with self._store.transaction():
            return operation.handler(call)

    async def _call(self, request: Request) -> Call:
        raw = await request.body()
        query = request.query_params
        return Call(
            store=self._store,
            runner=self._runner,
            path={key: str(value) for key, value in request.path_params.items()},
            query=dict(query),
            query_lists={key: query.getlist(key) for key in query},
            headers=dict(request.headers),
            body=_json(raw),
        )


def _names(operation: Operation, call: Call) -> tuple[str, str]:
    if operation.name == "graphql":
        return f"graphql_{graphql.operation(call.body)}", f"app/{graphql.target(call.body)}"
    app = call.path.get("app") or call.body.get("app_name") or call.body.get("name") or ""
    target = f"app/{app}"
    for key in ("machine", "volume", "release"):
        if key in call.path:
            target += f"/{key}/{call.path[key]}"
    return operation.name, target


def _json(raw: bytes) -> dict[str, Any]:
    if not raw:
        return {}
    try:
        body = json.loads(raw)
    except ValueError as error:
        raise FlyError(f"invalid JSON in the request body: {error}") from error
    if not isinstance(body, dict):
        raise FlyError("invalid request body: must be a JSON object")
    return body


def _refusal(status: int, body: dict[str, Any], retry_after: int | None) -> Response:
    headers = {} if retry_after is None else {"Retry-After": str(retry_after)}
    return JSONResponse(body, status, headers=headers)
