"""The gRPC side of the provider: messages in, verbs of the resources, messages out."""

# ruff: noqa: N802 - the methods have the names of the protocol
from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeVar

import grpc
from google.protobuf import any_pb2, empty_pb2

from fly.errors import FlyError, Problem
from fly.provider.blame import blamed
from fly.provider.protocol import plugin_pb2, provider_pb2, provider_pb2_grpc, status_pb2
from fly.provider.resource import Difference, HalfCreated, Resource, root
from fly.provider.values import marshal, unmarshal

VERSION = "0.1.0"
Answer = TypeVar("Answer")

_KINDS = {
    ("add", False): provider_pb2.PropertyDiff.ADD,
    ("add", True): provider_pb2.PropertyDiff.ADD_REPLACE,
    ("delete", False): provider_pb2.PropertyDiff.DELETE,
    ("delete", True): provider_pb2.PropertyDiff.DELETE_REPLACE,
    ("update", False): provider_pb2.PropertyDiff.UPDATE,
    ("update", True): provider_pb2.PropertyDiff.UPDATE_REPLACE,
}


class FlyProvider(provider_pb2_grpc.ResourceProviderServicer):
    """Serves the `kinds` of resources by their type tokens. `cancel` is what stops everything that runs."""

    def __init__(
        self, kinds: Callable[[], Awaitable[Mapping[str, Resource]]], cancel: Callable[[], Awaitable[None]]
    ) -> None:
        self._kinds = kinds
        self._cancel = cancel

    async def Handshake(self, request: Any, context: Any) -> provider_pb2.ProviderHandshakeResponse:
        return provider_pb2.ProviderHandshakeResponse(accept_secrets=True)

    async def GetPluginInfo(self, request: Any, context: Any) -> plugin_pb2.PluginInfo:
        return plugin_pb2.PluginInfo(version=VERSION)

    async def Attach(self, request: Any, context: Any) -> empty_pb2.Empty:
        return empty_pb2.Empty()

    async def Cancel(self, request: Any, context: Any) -> empty_pb2.Empty:
        await self._cancel()
        return empty_pb2.Empty()

    async def GetSchema(self, request: Any, context: Any) -> provider_pb2.GetSchemaResponse:
        from fly.provider.schema import schema

        return provider_pb2.GetSchemaResponse(schema=json.dumps(schema(VERSION)))

    async def CheckConfig(self, request: Any, context: Any) -> provider_pb2.CheckResponse:
        return provider_pb2.CheckResponse(inputs=request.news)

    async def DiffConfig(self, request: Any, context: Any) -> provider_pb2.DiffResponse:
        return provider_pb2.DiffResponse(changes=provider_pb2.DiffResponse.DIFF_NONE)

    async def Configure(self, request: Any, context: Any) -> provider_pb2.ConfigureResponse:
        return provider_pb2.ConfigureResponse(acceptSecrets=True, supportsPreview=True)

    async def Invoke(self, request: Any, context: Any) -> provider_pb2.InvokeResponse:
        if request.tok != "fly:index:wake":
            await context.abort(grpc.StatusCode.NOT_FOUND, f"the provider fly has no function {request.tok}")
        return provider_pb2.InvokeResponse()

    async def Check(self, request: Any, context: Any) -> provider_pb2.CheckResponse:
        checking = (await self._of(request.urn)).check(unmarshal(request.olds), unmarshal(request.news))
        inputs, problems = await self._told(context, checking)
        return provider_pb2.CheckResponse(inputs=marshal(inputs), failures=[_failure(problem) for problem in problems])

    async def Diff(self, request: Any, context: Any) -> provider_pb2.DiffResponse:
        olds = unmarshal(request.old_inputs if request.old_inputs.fields else request.olds)
        found = (await self._of(request.urn)).difference(olds, unmarshal(request.news))
        return _diff_response(found, set(request.ignoreChanges))

    async def Create(self, request: Any, context: Any) -> provider_pb2.CreateResponse:
        resource, news = await self._of(request.urn), unmarshal(request.properties)
        if request.preview:
            return provider_pb2.CreateResponse(properties=marshal(resource.preview(None, news)))
        id_, outputs = await self._told(context, resource.create(news), news)
        return provider_pb2.CreateResponse(id=id_, properties=marshal(outputs))

    async def Read(self, request: Any, context: Any) -> provider_pb2.ReadResponse:
        inputs, outputs = unmarshal(request.inputs), unmarshal(request.properties)
        found = await self._told(context, (await self._of(request.urn)).read(request.id, inputs, outputs))
        if found is None:
            return provider_pb2.ReadResponse()
        return provider_pb2.ReadResponse(id=found.id, inputs=marshal(found.inputs), properties=marshal(found.outputs))

    async def Update(self, request: Any, context: Any) -> provider_pb2.UpdateResponse:
        resource, olds, news = await self._of(request.urn), unmarshal(request.olds), unmarshal(request.news)
        if request.preview:
            return provider_pb2.UpdateResponse(properties=marshal(resource.preview(olds, news)))
        outputs = await self._told(context, resource.update(request.id, olds, news), news)
        return provider_pb2.UpdateResponse(properties=marshal(outputs))

    async def Delete(self, request: Any, context: Any) -> empty_pb2.Empty:
        await self._told(context, (await self._of(request.urn)).delete(request.id, unmarshal(request.properties)))
        return empty_pb2.Empty()

    async def _of(self, urn: str) -> Resource:
        return (await self._kinds())[urn.split("::")[2].rpartition("$")[2]]

    async def _told(self, context: Any, doing: Awaitable[Answer], inputs: Mapping[str, object] | None = None) -> Answer:
        """What `doing` gives. Our own errors end the call with their message alone; half-made things are recorded."""
        try:
            return await doing
        except HalfCreated as error:
            detail = provider_pb2.ErrorResourceInitFailed(
                id=error.id, properties=marshal(error.outputs), reasons=[str(error)]
            )
            await context.abort(grpc.StatusCode.FAILED_PRECONDITION, str(error), _details(str(error), detail))
            raise
        except FlyError as error:
            await context.abort(grpc.StatusCode.FAILED_PRECONDITION, str(blamed(error, inputs or {})))
            raise


def _failure(problem: Problem) -> provider_pb2.CheckFailure:
    return provider_pb2.CheckFailure(property=problem.path, reason=problem.advice())


def _diff_response(found: Difference, ignored: set[str]) -> provider_pb2.DiffResponse:
    changes = {path: kind for path, kind in found.changes.items() if not _is_ignored(path, ignored)}
    replaces = [key for key in found.replaces if any(root(path) == key for path in changes)]
    detailed = {
        path: provider_pb2.PropertyDiff(kind=_KINDS[kind, root(path) in replaces], inputDiff=True)
        for path, kind in changes.items()
    }
    return provider_pb2.DiffResponse(
        changes=provider_pb2.DiffResponse.DIFF_SOME if changes else provider_pb2.DiffResponse.DIFF_NONE,
        diffs=sorted({root(path) for path in changes}),
        replaces=replaces,
        deleteBeforeReplace=bool(replaces) and found.delete_first,
        detailedDiff=detailed,
        hasDetailedDiff=True,
    )


def _is_ignored(path: str, ignored: set[str]) -> bool:
    return any(path == one or path.startswith((f"{one}.", f"{one}[")) for one in ignored)


def _details(message: str, detail: provider_pb2.ErrorResourceInitFailed) -> tuple[tuple[str, bytes]]:
    packed = any_pb2.Any()
    packed.Pack(detail)
    status = status_pb2.Status(code=grpc.StatusCode.FAILED_PRECONDITION.value[0], message=message, details=[packed])
    return (("grpc-status-details-bin", status.SerializeToString()),)


async def served(provider: FlyProvider) -> tuple[grpc.aio.Server, int]:
    """A server on a free loopback port, started."""
    server = grpc.aio.server(options=[("grpc.max_receive_message_length", 400 * 1024 * 1024)])
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(provider, server)
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    return server, port
