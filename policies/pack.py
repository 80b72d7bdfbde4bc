# ruff: noqa: N802 - the methods have the names of the gRPC contract
"""The rules as a Pulumi policy pack. It speaks the engine's own contract (pulumi.analyzer 3.259).

The SDK for packs (pulumi-policy 1.21) tells a Python pack neither the stack nor its config, and decodes the whole stack
once for every rule; docs/adr/0008-policy-pack-without-its-sdk.md says more.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent import futures
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

import grpc
from google.protobuf import empty_pb2, json_format
from pulumi.runtime.proto import analyzer_pb2, analyzer_pb2_grpc, plugin_pb2
from pydantic import ValidationError

from inventory.from_resources import from_resources
from inventory.resource import Resource, decoded
from inventory.unknown import UNKNOWN
from policies.audit import audit
from policies.circumstances import Circumstances
from policies.finding import Finding, Undecided
from policies.registry import registry
from policies.spending import monthly_usd
from settings.namespace import NAMESPACE
from settings.policies import Policies
from settings.problem import SettingsError

NAME: Final = "slipway"
VERSION: Final = "1.0.0"
"""As in PulumiPolicy.yaml."""
UNDECIDED: Final = "not-decided-yet"
"""What stands in the place of a rule's name where it is said what cannot be decided."""

_ROOT: Final = Path(__file__).resolve().parents[1]
_MAX_MESSAGE: Final = ("grpc.max_receive_message_length", 400 * 1024 * 1024)
"""The engine's own limit (rpcutil.maxRPCMessageSize in Pulumi's SDK)."""

Context = grpc.ServicerContext
Diagnostics = Iterator[analyzer_pb2.AnalyzeDiagnostic]


class Pack(analyzer_pb2_grpc.AnalyzerServicer):
    """Answers the engine. The stack is judged once, when the last of its resources is known."""

    def __init__(self, today: Callable[[], date], finished: threading.Event) -> None:
        self._today, self._finished = today, finished
        self._stack, self._environment, self._policies = "", "", Policies()

    def ConfigureStack(
        self, request: analyzer_pb2.AnalyzerStackConfigureRequest, context: Context
    ) -> analyzer_pb2.AnalyzerStackConfigureResponse:
        """The stack, and what its file says about policies."""
        self._stack = request.stack
        self._environment = request.config.get(f"{NAMESPACE}:environment", "")
        try:
            self._policies = Policies.model_validate_json(request.config.get(f"{NAMESPACE}:policies") or "{}")
        except ValidationError:
            way_out = f"run: ./slipway check {self._stack}"
            context.abort(grpc.StatusCode.INVALID_ARGUMENT, f"{NAMESPACE}:policies is not valid; {way_out}")
        return analyzer_pb2.AnalyzerStackConfigureResponse()

    def GetAnalyzerInfo(self, request: empty_pb2.Empty, context: Context) -> analyzer_pb2.AnalyzerInfo:
        """The rules at the levels that they have in this stack."""
        return analyzer_pb2.AnalyzerInfo(
            name=NAME,
            version=VERSION,
            policies=[
                analyzer_pb2.PolicyInfo(
                    name=rule.name,
                    displayName=rule.title,
                    description=rule.why,
                    enforcementLevel=_level(self._policies.levels.get(rule.name) or rule.level(self._environment)),
                    policy_type=analyzer_pb2.POLICY_TYPE_STACK,
                    remediation_steps=rule.remedy,
                )
                for rule in registry().values()
            ],
        )

    def GetPluginInfo(self, request: empty_pb2.Empty, context: Context) -> plugin_pb2.PluginInfo:
        """The version of the pack."""
        return plugin_pb2.PluginInfo(version=VERSION)

    def Configure(self, request: analyzer_pb2.ConfigureAnalyzerRequest, context: Context) -> empty_pb2.Empty:
        """Nothing: the stack file says what a pack's own configuration would."""
        return empty_pb2.Empty()

    def Analyze(self, request: analyzer_pb2.AnalyzeRequest, context: Context) -> analyzer_pb2.AnalyzeResponse:
        """Nothing yet: a resource is judged with all that stands around it."""
        return analyzer_pb2.AnalyzeResponse()

    def Remediate(self, request: analyzer_pb2.AnalyzeRequest, context: Context) -> analyzer_pb2.RemediateResponse:
        """Nothing: what runs is what the settings say."""
        return analyzer_pb2.RemediateResponse()

    def AnalyzeStack(self, request: analyzer_pb2.AnalyzeStackRequest, context: Context) -> analyzer_pb2.AnalyzeResponse:
        """Every finding, the waived ones and what is not decided yet included, which stop nothing."""
        try:
            return analyzer_pb2.AnalyzeResponse(diagnostics=self._judge([_resource(one) for one in request.resources]))
        except SettingsError as error:
            context.abort(grpc.StatusCode.FAILED_PRECONDITION, str(error))

    def Cancel(self, request: empty_pb2.Empty, context: Context) -> empty_pb2.Empty:
        """The engine is done."""
        self._finished.set()
        return empty_pb2.Empty()

    def _judge(self, resources: list[Resource]) -> Diagnostics:
        inventory, today = from_resources(self._stack, self._environment, resources), self._today()
        found = audit(
            Circumstances(
                inventory=inventory,
                today=today,
                policies=self._policies,
                monthly_usd=monthly_usd(_ROOT, inventory, self._policies, today),
            )
        )
        urns = _urns(resources)
        yield from (_told(one, urns.get(one.resource, "")) for one in found.findings)
        yield from _open(found.undecided, urns)


def serve() -> None:
    """Answer the engine until it is done. Its first line tells the engine where."""
    finished = threading.Event()
    server = grpc.server(futures.ThreadPoolExecutor(4), options=[_MAX_MESSAGE])
    analyzer_pb2_grpc.add_AnalyzerServicer_to_server(Pack(_today, finished), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    # Loaded while the engine goes on.
    registry()
    finished.wait()
    server.stop(grace=None)


def _today() -> date:
    return datetime.now(tz=UTC).date()


def _level(level: str) -> analyzer_pb2.EnforcementLevel.ValueType:
    return {
        "mandatory": analyzer_pb2.MANDATORY,
        "advisory": analyzer_pb2.ADVISORY,
        "off": analyzer_pb2.DISABLED,
    }[level]


def _told(finding: Finding, urn: str) -> analyzer_pb2.AnalyzeDiagnostic:
    words = f"{finding.message}; {finding.remedy}"
    if finding.waived:
        return _diagnostic(finding.rule, f"waived: {finding.message}; {finding.waived}", "advisory", urn)
    return _diagnostic(finding.rule, words, finding.level, urn)


def _open(undecided: Iterable[Undecided], urns: Mapping[str, str]) -> Diagnostics:
    """One line a thing. What would only be said in any case is not worth a line in every preview."""
    by_resource: dict[str, list[str]] = {}
    for found in undecided:
        if found.level == "mandatory":
            by_resource.setdefault(found.resource, []).append(found.rule)
    for resource, rules in by_resource.items():
        message = f"{resource}: a value is not known yet, on which these hang: {', '.join(rules)}"
        yield _diagnostic(UNDECIDED, message, "advisory", urns.get(resource, ""))


def _diagnostic(rule: str, message: str, level: str, urn: str) -> analyzer_pb2.AnalyzeDiagnostic:
    return analyzer_pb2.AnalyzeDiagnostic(
        policyName=rule,
        policyPackName=NAME,
        policyPackVersion=VERSION,
        description=registry()[rule].title if rule in registry() else "",
        message=message,
        enforcementLevel=_level(level),
        urn=urn,
    )


def _urns(resources: Iterable[Resource]) -> dict[str, str]:
    """The URN to a finding's name. A system's component has its name before the parts that share it."""
    found: dict[str, str] = {}
    for resource in sorted(resources, key=lambda one: one.urn.count("$")):
        found.setdefault(resource.name, resource.urn)
    return found


def _resource(found: analyzer_pb2.AnalyzerResource) -> Resource:
    properties: dict[str, Any] = decoded(json_format.MessageToDict(found.properties))
    # What is taken over as it is will be replaced by what the settings say: nothing can be decided about it before.
    taken_over = [name for name in found.options.ignoreChanges if name in properties]
    return Resource(
        urn=found.urn,
        type=found.type,
        name=found.name,
        parent=found.parent,
        properties={**properties, **dict.fromkeys(taken_over, UNKNOWN)},
        protect=found.options.protect,
    )
