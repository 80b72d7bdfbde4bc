# ruff: noqa: N802 - the methods have the names of the gRPC contract
"""An engine for component tests that is stricter than the SDK's own mocks and remembers everything.

It refuses a URN that exists already, a resource outside its component, an input that the SDK's types do not know or
miss, a function that nobody answers, and a component that registers no outputs.
"""

from __future__ import annotations

import asyncio
import contextvars
import inspect
import logging
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

from google.protobuf import empty_pb2
from pulumi.runtime import config as runtime_config
from pulumi.runtime import resource as sdk_resource
from pulumi.runtime.mocks import MockEngine, MockMonitor, MockSettings
from pulumi.runtime.proto import resource_pb2, source_pb2
from pulumi.runtime.settings import configure
from pulumi.runtime.stack import run_in_stack

from sandbox.sdk_types import ListOf, Record, Shape, inputs
from sandbox.values import UNKNOWN, decode, encode
from tests import databases

SYSTEM = "slipway:index:System"
ZONE_EDGE = "slipway:index:ZoneEdge"
STASH = "Stash"
ZONE_ID = "023e105f4ecef8ad9ca31a8372d0c353"
ACCOUNT_ID = "699d98642c564d2e855e9661899b7252"

Path = tuple[str | int, ...]
Plain = dict[str, Any]

COMPUTED: dict[str, Callable[[str], Plain]] = {
    "digitalocean:index/app:App": lambda name: {
        "defaultIngress": f"https://{name}-abcde.ondigitalocean.app",
        "liveUrl": f"https://{name}-abcde.ondigitalocean.app",
        "liveDomain": f"{name}-abcde.ondigitalocean.app",
    },
    "digitalocean:index/uptimeCheck:UptimeCheck": lambda _: {},
    "digitalocean:index/uptimeAlert:UptimeAlert": lambda _: {},
    "cloudflare:index/dnsRecord:DnsRecord": lambda _: {},
    "cloudflare:index/workersScript:WorkersScript": lambda _: {},
    "cloudflare:index/workersRoute:WorkersRoute": lambda _: {},
    "pulumi:index:Stash": lambda _: {},
    **{
        f"cloudflare:index/{name[0].lower()}{name[1:]}:{name}": lambda _: {}
        for name in (
            "ArgoSmartRouting",
            "ArgoTieredCaching",
            "Healthcheck",
            "NotificationPolicy",
            "NotificationPolicyWebhooks",
            "Ruleset",
            "TieredCache",
            "Zone",
            "ZoneSetting",
        )
    },
    **databases.COMPUTED,
    "fly:index:App": lambda name: {"hostname": f"{name}.fly.dev"},
    "fly:index:Address": lambda _: {"address": "192.0.2.1"},
    "fly:index:Volume": lambda name: {"volumeIds": [f"vol_{name}"]},
    "fly:index:Secrets": lambda name: {"digests": {"all": f"digest-of-{name}"}},
    "fly:index:Release": lambda name: {"toml": "", "version": 1, "deployedImage": f"{name}@sha256:0", "verified": True},
    "fly:index:Certificate": lambda name: {
        "validationRecords": {
            role: {"type": kind, "name": f"{role}.{name}", "value": f"value-of-{role}"}
            for role, kind in (("acme", "CNAME"), ("ownership", "TXT"))
        }
    },
}
"""What a cloud adds to a resource's inputs, by type and the resource's name."""


class ViolationError(Exception):
    """The program did what the engine, or a rule of this project, does not allow."""


@dataclass
class Registered:
    """One resource as the program asked for it. `secrets` are the paths in `inputs` whose values are secret."""

    urn: str
    type: str
    name: str
    parent: str
    custom: bool
    inputs: Plain
    secrets: frozenset[Path]
    protect: bool
    ignore_changes: tuple[str, ...]
    import_id: str
    id: str
    depends_on: tuple[str, ...]
    version: str
    outputs: Plain | None = None
    secret_outputs: frozenset[Path] = frozenset()

    @property
    def kind(self) -> str:
        """The last part of the type: `App`, `DnsRecord`, `Edge`."""
        return self.type.rpartition(":")[2]


@dataclass(eq=False)
class StrictEngine(MockMonitor):
    """`existing` are the ids of resources of earlier runs, whose outputs a preview knows; `live` what an import finds.

    Both by the resource's name. `stack_outputs` are those of the last run, `stashed` what its stashes keep, by URN.
    """

    stack: str = "production"
    preview: bool = False
    roots: Sequence[str] = (SYSTEM, ZONE_EDGE)
    existing: Mapping[str, str] = field(default_factory=dict)
    live: Mapping[str, Plain] = field(default_factory=dict)
    stack_outputs: Plain = field(default_factory=dict)
    rulesets: Mapping[str, Plain] = field(default_factory=dict)
    """The rulesets that the zone has, by id."""
    stashed: Mapping[str, Any] = field(default_factory=dict)
    registered: dict[str, Registered] = field(default_factory=dict)
    calls: list[tuple[str, Plain]] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)

    def run(self, program: Callable[[], object], config: Mapping[str, str] | None = None) -> StrictEngine:
        """Run the program as `pulumi up` or `preview` does, and return this engine with all it has seen."""
        contextvars.Context().run(self._run, program, config or {})
        for resource in self:
            if not resource.custom and not resource.outputs:
                self.violations.append(f"{resource.type} {resource.name} registers no outputs")
        if self.violations:
            raise ViolationError("\n".join(self.violations))
        return self

    def __iter__(self) -> Iterator[Registered]:
        """The resources but for the stack."""
        return (resource for resource in self.registered.values() if resource.parent)

    def of(self, kind: str) -> list[Registered]:
        """The resources of a kind, such as `DnsRecord`, by name."""
        return sorted((resource for resource in self if resource.kind == kind), key=lambda found: found.name)

    def one(self, kind: str) -> Registered:
        """The only resource of a kind."""
        [found] = self.of(kind)
        return found

    def named(self, name: str) -> Registered:
        """The only custom resource of a name."""
        [found] = [resource for resource in self if resource.custom and resource.name == name]
        return found

    def follow(self, earlier: StrictEngine) -> None:
        """Begin with what an earlier run left."""
        self.stack_outputs = earlier.exports
        self.follow_failed(earlier)

    def follow_failed(self, earlier: StrictEngine) -> None:
        """Begin with what an earlier run left that made all resources, but failed before it told its outputs."""
        self.existing = {resource.name: resource.id for resource in earlier if resource.custom}
        self.stashed = {stash.urn: earlier.stashed.get(stash.urn, stash.inputs["input"]) for stash in earlier.of(STASH)}

    @property
    def exports(self) -> Plain:
        """The stack's outputs."""
        return next(resource for resource in self.registered.values() if not resource.parent).outputs or {}

    @property
    def secret_exports(self) -> frozenset[Path]:
        """The paths in the stack's outputs whose values are secret."""
        return next(resource for resource in self.registered.values() if not resource.parent).secret_outputs

    def _run(self, program: Callable[[], object], config: Mapping[str, str]) -> None:
        # The SDK sends the whole call stack with each resource, which costs more than all the rest of a registration.
        sdk_resource._get_stack_trace = source_pb2.StackTrace
        configure(
            MockSettings(
                monitor=self,
                monitor_features=set(self.GetDeploymentInfo(empty_pb2.Empty()).supportedFeatures),
                engine=MockEngine(logging.getLogger("strict_engine")),
                project="slipway",
                stack=self.stack,
                dry_run=self.preview,
                organization="organization",
                callbacks=None,
            )
        )
        runtime_config.set_all_config(dict(config), [])
        # Not `asyncio.run`, which goes through the tasks of all runs before, in search of some to cancel.
        with closing(asyncio.new_event_loop()) as loop:
            loop.run_until_complete(_on_one_thread(lambda: _awaited(program())))

    def RegisterResource(self, request: Any) -> Any:
        urn = self._urn(request)
        if urn in self.registered:
            self.violations.append(f"{urn} exists already")
        properties, secrets = decode(request.object)
        resource = Registered(
            urn=urn,
            type=request.type,
            name=request.name,
            parent=request.parent,
            custom=request.custom,
            inputs=properties,
            secrets=secrets,
            protect=request.protect,
            ignore_changes=tuple(request.ignoreChanges),
            import_id=request.importId,
            id="",
            depends_on=tuple(sorted(request.dependencies)),
            version=request.version,
        )
        self._refuse_stray(resource)
        if resource.custom and "/" in resource.type:
            self.violations += _misspelt(inputs(resource.type), properties, f"{resource.kind} {resource.name}")
        self.registered[urn] = resource
        return resource_pb2.RegisterResourceResponse(urn=urn, **self._state(resource, request.object))

    def RegisterResourceOutputs(self, request: Any) -> Any:
        resource = self.registered[request.urn]
        if resource.outputs is not None:
            self.violations.append(f"{request.urn} registers its outputs twice")
        resource.outputs, resource.secret_outputs = decode(request.outputs)
        return empty_pb2.Empty()

    def Invoke(self, request: Any) -> Any:
        arguments, _ = decode(request.args)
        self.calls.append((request.tok, arguments))
        match request.tok, arguments:
            case "cloudflare:index/getZone:getZone", {"filter": {"name": str(name), "match": "all"}}:
                answer = {"id": ZONE_ID, "zoneId": ZONE_ID, "name": name, "account": {"id": ACCOUNT_ID, "name": "a"}}
            case "cloudflare:index/getRulesets:getRulesets", {"zoneId": str(zone_id)} if zone_id == ZONE_ID:
                answer = {"id": "rulesets", "zoneId": ZONE_ID, "rulesets": list(self.rulesets.values())}
            case "cloudflare:index/getRuleset:getRuleset", {"rulesetId": str(id_)} if id_ in self.rulesets:
                answer = {"zoneId": ZONE_ID, "rulesetId": id_, **self.rulesets[id_]}
            case "pulumi:pulumi:readStackOutputs", {"name": str(name)} if name == f"organization/slipway/{self.stack}":
                answer = {"name": name, "outputs": self.stack_outputs, "secretOutputNames": []}
            case "pulumi:pulumi:getResource", {"urn": str(urn)} if self.registered[urn].kind == STASH:
                stash = self.registered[urn]
                answer = {"urn": urn, "state": {**stash.inputs, "output": self.stashed.get(urn, stash.inputs["input"])}}
            case "fly:index:wake", {}:
                answer = {}
            case _:
                self.violations.append(f"nobody answers {request.tok} with {arguments}")
                answer = {}
        return resource_pb2.ResourceInvokeResponse(**{"return": encode(answer)})

    def ReadResource(self, request: Any) -> Any:
        self.violations.append(f"{request.name} is read, not created")
        return resource_pb2.ReadResourceResponse(urn=self._urn(request), properties=request.properties)

    def _urn(self, request: Any) -> str:
        types = request.type
        if request.parent:
            qualified = request.parent.split("::")[2]
            types = request.type if qualified == "pulumi:pulumi:Stack" else f"{qualified}${request.type}"
        return f"urn:pulumi:{self.stack}::slipway::{types}::{request.name}"

    def _refuse_stray(self, resource: Registered) -> None:
        parent = self.registered.get(resource.parent)
        if resource.type == "pulumi:pulumi:Stack" or (parent and parent.parent) or resource.type in self.roots:
            return
        self.violations.append(f"{resource.type} {resource.name} is outside every component")

    def _state(self, resource: Registered, properties: Any) -> Plain:
        """What the engine answers: id and outputs, unknown where only an update tells them."""
        if not resource.custom:
            return {"object": properties}
        if resource.type not in COMPUTED:
            self.violations.append(f"no outputs are known for {resource.type}; add them to COMPUTED")
            return {"object": properties}
        computed = COMPUTED[resource.type](resource.name)
        if resource.import_id:
            resource.id = resource.import_id
            return {"id": resource.id, "object": encode({**computed, **self.live[resource.name]})}
        new = resource.name not in self.existing
        resource.id = "" if new and self.preview else self.existing.get(resource.name, resource_id(resource.name))
        state = encode(dict.fromkeys(computed, UNKNOWN) if new and self.preview else computed)
        state.MergeFrom(properties)
        return {"id": resource.id, "object": state}


def resource_id(name: str) -> str:
    """The id that the cloud gives to a new resource: always the same for a name."""
    return str(uuid.uuid5(uuid.NAMESPACE_DNS, name))


def _misspelt(shape: Shape, value: Any, where: str) -> Iterator[str]:
    """Properties that the SDK does not have, and absent ones that it requires."""
    if isinstance(shape, ListOf) and isinstance(value, list):
        for index, item in enumerate(value):
            yield from _misspelt(shape.item, item, f"{where}[{index}]")
    elif isinstance(shape, Record) and isinstance(value, dict):
        for name in sorted(value.keys() - shape.fields.keys()):
            yield f"{where}: {shape.name} has no property {name}"
        for name, known in shape.fields.items():
            if name in value:
                yield from _misspelt(known.shape, value[name], f"{where}.{name}")
            elif known.required:
                yield f"{where}: {shape.name} requires {name}"


class _Inline(ThreadPoolExecutor):
    """Runs each call at once, so that every run of a program is the same."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        future.set_result(fn(*args, **kwargs))
        return future


async def _on_one_thread(program: Callable[[], Any]) -> None:
    asyncio.get_running_loop().set_default_executor(_Inline(max_workers=1))
    await run_in_stack(program)


async def _awaited(result: object) -> None:
    if inspect.isawaitable(result):
        await result
