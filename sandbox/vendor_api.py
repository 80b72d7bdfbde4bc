"""The emulated HTTP API of a vendor: what every request passes before its handler, and how a refusal is worded.

Each vendor brings its operations, its tokens and the words of its answers; the resources are those of the store that
the engine's providers work on.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.errors import CloudError
from sandbox.faults import Fault, Faults

if TYPE_CHECKING:
    from sandbox.cloud import Cloud
    from sandbox.deployments import Deployments
    from sandbox.instances import Instances
    from sandbox.store import Store

_READS = frozenset({"GET", "HEAD"})


@dataclass(frozen=True)
class Call:
    """What a handler gets: the request's parts, and the parts of the sandbox that it works on."""

    cloud: Cloud
    deployments: Deployments
    instances: Instances
    path: Mapping[str, str]
    query: Mapping[str, str]
    body: dict[str, Any]
    base: str
    """Where this API listens, for the addresses in its answers."""
    url: str
    """The path that was asked for."""

    @property
    def store(self) -> Store:
        return self.cloud.store


Handler = Callable[[Call], Any]


class Operation(NamedTuple):
    """One endpoint: its name for faults, how it is answered, and the status of success. A read needs fewer rights.

    What a handler returns is the answer's JSON; None is an answer without content; a Response is sent as it is.
    """

    name: str
    method: str
    path: str
    handler: Handler
    status: int = 200
    read: bool | None = None
    open: bool = False
    """Answered without a token: the address itself is the secret."""

    @property
    def reads(self) -> bool:
        """Whether it changes nothing."""
        return self.method in _READS if self.read is None else self.read


class Vendor(Protocol):
    """A vendor's name for faults, its rights, and its words."""

    name: str

    def authorize(self, token: str, operation: Operation) -> None:
        """Raises CloudError: an unknown token, or one that may not do this."""
        ...

    def target(self, call: Call) -> str:
        """What a request is about, as faults name it: `app/tetrix-minimal`."""
        ...

    def accepted(self, body: Any) -> Any:
        """The JSON of an answer."""
        ...

    def refused(self, error: CloudError) -> dict[str, Any]:
        """The JSON of a refusal."""
        ...

    def headers(self, error: CloudError | None) -> dict[str, str]:
        """The headers of every answer: what is left of the rate limit."""
        ...


class VendorApi:
    """Turns a vendor's operations into an application."""

    def __init__(self, vendor: Vendor, cloud: Cloud, deployments: Deployments, instances: Instances) -> None:
        self._vendor = vendor
        self._cloud = cloud
        self._deployments = deployments
        self._instances = instances
        self._faults = Faults(cloud.store)

    def application(self, operations: tuple[Operation, ...]) -> Starlette:
        """The ASGI application."""
        return Starlette(
            routes=[Route(op.path, self._endpoint(op), methods=[op.method], name=op.name) for op in operations]
        )

    def _endpoint(self, operation: Operation) -> Callable[[Request], Awaitable[Response]]:
        async def serve(request: Request) -> Response:
            try:
                return await self._serve(operation, request)
            except Fault as fault:
                error = CloudError(fault.status, fault.message, retry_after=fault.retry_after)
            except CloudError as refusal:
                error = refusal
            headers = self._vendor.headers(error)
            if error.retry_after is not None:
                headers["retry-after"] = f"{error.retry_after:g}"
            return JSONResponse(self._vendor.refused(error), error.status, headers=headers)

        return serve

    async def _serve(self, operation: Operation, request: Request) -> Response:
        call = Call(
            self._cloud,
            self._deployments,
            self._instances,
            {key: str(value) for key, value in request.path_params.items()},
            dict(request.query_params),
            _json(await request.body()),
            f"http://{request.url.netloc}",
            request.url.path,
        )
        if not operation.open:
            self._vendor.authorize(request.headers.get("authorization", "").removeprefix("Bearer "), operation)
        target = self._vendor.target(call)
        await self._faults.before(self._vendor.name, operation.name, target)
        body = operation.handler(call)
        await self._faults.after(self._vendor.name, operation.name, target)
        if isinstance(body, Response):
            return body
        headers = self._vendor.headers(None)
        if body is None:
            return Response(status_code=204, headers=headers)
        return JSONResponse(self._vendor.accepted(body), operation.status, headers=headers)


def _json(raw: bytes) -> dict[str, Any]:
    if not raw:
        return {}
    try:
        body = json.loads(raw)
    except ValueError as error:
        raise CloudError(400, f"invalid JSON in the request body: {error}") from error
    if not isinstance(body, dict):
        raise CloudError(400, "invalid request body: must be a JSON object")
    return body
