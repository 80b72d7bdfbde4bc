# ruff: noqa: N802 - the methods have the names of the gRPC contract
"""A cloud as the Pulumi engine sees it: the gRPC contract of a resource provider, for any set of resource types."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any, NoReturn

import grpc
import grpc.aio
from google.protobuf import any_pb2, empty_pb2, struct_pb2
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc, status_pb2

from sandbox import paths
from sandbox.check import check
from sandbox.cloud import Cloud
from sandbox.diff import Change, Kind, diff, with_defaults
from sandbox.errors import CloudError, DeploymentFailedError
from sandbox.paths import Path
from sandbox.resource import ResourceType
from sandbox.state import autoname, keeps_name, live_inputs, with_unknown_outputs
from sandbox.store import Document
from sandbox.values import Properties, decode, encode, has_unknown
from sandbox.vault import strings

_log = logging.getLogger("sandbox")

Context = grpc.aio.ServicerContext[Any, Any]
Lookup = Callable[[Cloud, Properties], Properties]

_KINDS = {
    (Kind.ADD, False): provider_pb2.PropertyDiff.ADD,
    (Kind.ADD, True): provider_pb2.PropertyDiff.ADD_REPLACE,
    (Kind.DELETE, False): provider_pb2.PropertyDiff.DELETE,
    (Kind.DELETE, True): provider_pb2.PropertyDiff.DELETE_REPLACE,
    (Kind.UPDATE, False): provider_pb2.PropertyDiff.UPDATE,
    (Kind.UPDATE, True): provider_pb2.PropertyDiff.UPDATE_REPLACE,
}


class Provider(provider_pb2_grpc.ResourceProviderServicer):
    """Serves one cloud. `lookups` are its functions by token; `say` words an API error as the real provider does."""

    def __init__(
        self,
        cloud: Cloud,
        version: str,
        lookups: Mapping[str, Lookup],
        say: Callable[[ResourceType, str, str, Properties, CloudError], str],
    ) -> None:
        self._cloud = cloud
        self._version = version
        self._lookups = dict(lookups)
        self._say = say

    async def Handshake(self, request: Any, context: Context) -> provider_pb2.ProviderHandshakeResponse:
        return provider_pb2.ProviderHandshakeResponse(
            accept_secrets=True, accept_resources=True, accept_outputs=False, supports_autonaming_configuration=True
        )

    async def GetPluginInfo(self, request: Any, context: Context) -> plugin_pb2.PluginInfo:
        return plugin_pb2.PluginInfo(version=self._version)

    async def Attach(self, request: Any, context: Context) -> empty_pb2.Empty:
        return empty_pb2.Empty()

    async def Cancel(self, request: Any, context: Context) -> empty_pb2.Empty:
        return empty_pb2.Empty()

    async def GetSchema(self, request: Any, context: Context) -> provider_pb2.GetSchemaResponse:
        return provider_pb2.GetSchemaResponse(schema="{}")

    async def GetMapping(self, request: Any, context: Context) -> provider_pb2.GetMappingResponse:
        return provider_pb2.GetMappingResponse()

    async def GetMappings(self, request: Any, context: Context) -> provider_pb2.GetMappingsResponse:
        return provider_pb2.GetMappingsResponse()

    async def CheckConfig(self, request: Any, context: Context) -> provider_pb2.CheckResponse:
        return provider_pb2.CheckResponse(inputs=request.news)

    async def DiffConfig(self, request: Any, context: Context) -> provider_pb2.DiffResponse:
        return provider_pb2.DiffResponse(changes=provider_pb2.DiffResponse.DIFF_NONE)

    async def Configure(self, request: Any, context: Context) -> provider_pb2.ConfigureResponse:
        return provider_pb2.ConfigureResponse(
            acceptSecrets=True,
            supportsPreview=True,
            acceptResources=True,
            acceptOutputs=False,
            supports_autonaming_configuration=True,
        )

    async def Invoke(self, request: Any, context: Context) -> provider_pb2.InvokeResponse:
        lookup = self._lookups.get(request.tok)
        if lookup is None:
            known = ", ".join(sorted(self._lookups))
            await context.abort(grpc.StatusCode.UNIMPLEMENTED, f"{request.tok} is not emulated; emulated: {known}")
        arguments, _ = decode(request.args)
        try:
            found = lookup(self._cloud, arguments)
        except CloudError as error:
            await context.abort(grpc.StatusCode.UNKNOWN, f"invoking {request.tok}: {error.message}")
        answer = provider_pb2.InvokeResponse()
        # The field is named like a keyword.
        getattr(answer, "return").CopyFrom(encode(found))
        return answer

    async def Check(self, request: Any, context: Context) -> provider_pb2.CheckResponse:
        type_ = await self._type(request.urn, context)
        news, secrets = decode(request.news)
        olds, _ = decode(request.olds)
        if type_.autoname and not news.get("name"):
            news["name"] = olds.get("name") or autoname(
                request.urn, request.autonaming.proposed_name, request.randomSeed
            )
        failures = [
            provider_pb2.CheckFailure(property=path, reason=reason) for path, reason in check(type_, news, secrets)
        ]
        return provider_pb2.CheckResponse(inputs=encode(news, secrets), failures=failures)

    async def Diff(self, request: Any, context: Context) -> provider_pb2.DiffResponse:
        type_ = await self._type(request.urn, context)
        state, _ = decode(request.olds)
        news, _ = decode(request.news)
        changes = diff(type_, news, state, request.ignoreChanges)
        replaces = [change for change in changes if change.replaces]
        return provider_pb2.DiffResponse(
            changes=provider_pb2.DiffResponse.DIFF_SOME if changes else provider_pb2.DiffResponse.DIFF_NONE,
            diffs=sorted({str(change.path[0]) for change in changes}),
            replaces=sorted({paths.show(change.path) for change in replaces}),
            deleteBeforeReplace=bool(replaces) and keeps_name(type_, request.urn, news, state),
            detailedDiff={paths.show(change.path): _property_diff(change) for change in changes},
            hasDetailedDiff=True,
        )

    async def Create(self, request: Any, context: Context) -> provider_pb2.CreateResponse:
        type_ = await self._type(request.urn, context)
        news, secrets = decode(request.properties)
        if request.preview or has_unknown(news):
            expected = with_unknown_outputs(type_, with_defaults(type_, news))
            return provider_pb2.CreateResponse(properties=self._encode(type_, expected, secrets))
        try:
            id_, document = await self._cloud.create(type_, news, secrets)
        except DeploymentFailedError as error:
            await self._half_done(type_, error, news, secrets, context)
        except CloudError as error:
            await self._refused(type_, "create", "", news, error, context)
        _log.info("create %s %s -> %s", type_.kind, type_.name_of(news), id_)
        return provider_pb2.CreateResponse(
            id=id_, properties=self._encode(type_, self._outputs(document, news), secrets)
        )

    async def Update(self, request: Any, context: Context) -> provider_pb2.UpdateResponse:
        type_ = await self._type(request.urn, context)
        news, secrets = decode(request.news)
        olds, _ = decode(request.olds)
        if request.preview or has_unknown(news):
            expected = {**olds, **with_defaults(type_, news)}
            return provider_pb2.UpdateResponse(properties=self._encode(type_, expected, secrets))
        try:
            document = await self._cloud.update(type_, request.id, news, secrets)
        except DeploymentFailedError as error:
            await self._half_done(type_, error, news, secrets, context)
        except CloudError as error:
            await self._refused(type_, "update", request.id, news, error, context)
        _log.info("update %s %s (%s)", type_.kind, type_.name_of(news), request.id)
        return provider_pb2.UpdateResponse(properties=self._encode(type_, self._outputs(document, news), secrets))

    async def Read(self, request: Any, context: Context) -> provider_pb2.ReadResponse:
        type_ = await self._type(request.urn, context)
        state, state_secrets = decode(request.properties)
        olds, input_secrets = decode(request.inputs)
        try:
            found = await self._cloud.read(type_, request.id, {**olds, **state})
        except CloudError as error:
            await self._refused(type_, "read", request.id, state, error, context)
        if found is None:
            return provider_pb2.ReadResponse()
        id_, document = found
        live = self._outputs(document, {"state": state, "inputs": olds})
        secrets = state_secrets | input_secrets
        return provider_pb2.ReadResponse(
            id=id_,
            properties=self._encode(type_, live, secrets),
            inputs=encode(live_inputs(type_, olds, live), secrets),
        )

    async def Delete(self, request: Any, context: Context) -> empty_pb2.Empty:
        type_ = await self._type(request.urn, context)
        state, _ = decode(request.properties)
        try:
            await self._cloud.delete(type_, request.id, state)
        except CloudError as error:
            await self._refused(type_, "delete", request.id, state, error, context)
        _log.info("delete %s %s (%s)", type_.kind, type_.name_of(state), request.id)
        return empty_pb2.Empty()

    async def _type(self, urn: str, context: Context) -> ResourceType:
        token = urn.split("::")[2].rpartition("$")[2]
        type_ = self._cloud.types.get(token)
        if type_ is None:
            await context.abort(
                grpc.StatusCode.UNIMPLEMENTED,
                f"{token} is not emulated by the sandbox; emulated: {', '.join(sorted(self._cloud.types))}",
            )
        return type_

    def _outputs(self, document: Document, known: Any) -> Properties:
        """What the API tells of a stored resource. Values it never tells come from what the caller knows already."""
        outputs: Properties = self._cloud.vault.reveal(self._cloud.vault.unseal(document, strings(known)))
        return outputs

    def _encode(self, type_: ResourceType, outputs: Properties, secrets: frozenset[Path]) -> struct_pb2.Struct:
        return encode(outputs, [*secrets, *(paths.parse(text) for text in type_.secrets)])

    async def _refused(
        self, type_: ResourceType, operation: str, id_: str, properties: Properties, error: CloudError, context: Context
    ) -> NoReturn:
        message = self._say(type_, operation, id_, properties, error)
        _log.info("refused %s %s: %s", operation, type_.kind, error.status)
        await context.abort(grpc.StatusCode.UNKNOWN, message)

    async def _half_done(
        self,
        type_: ResourceType,
        error: DeploymentFailedError,
        news: Properties,
        secrets: frozenset[Path],
        context: Context,
    ) -> Any:
        """The resource exists but did not become ready: the engine records it with the reasons and tries an update."""
        document = self._cloud.store.get(type_.kind, error.app_id) or {}
        detail = provider_pb2.ErrorResourceInitFailed(
            id=error.app_id,
            properties=self._encode(type_, self._outputs(document, news), secrets),
            inputs=encode(news, secrets),
            reasons=error.reasons,
        )
        packed = any_pb2.Any()
        packed.Pack(detail)
        status = status_pb2.Status(code=grpc.StatusCode.UNKNOWN.value[0], message=error.message, details=[packed])
        _log.info("half done %s %s", type_.kind, error.app_id)
        await context.abort(
            grpc.StatusCode.UNKNOWN, error.message, (("grpc-status-details-bin", status.SerializeToString()),)
        )


def _property_diff(change: Change) -> provider_pb2.PropertyDiff:
    return provider_pb2.PropertyDiff(kind=_KINDS[change.kind, change.replaces], inputDiff=False)
