"""A Worker."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from sandbox.errors import CloudError
from sandbox.resource import Form, Problem, Request, ResourceType
from sandbox.values import Properties


def _problems(properties: Properties) -> Iterable[Problem]:
    for one, other in (("content", "contentFile"), ("mainModule", "bodyPart")):
        if properties.get(one) is not None and properties.get(other) is not None:
            yield Problem(other, f"{one} and {other} exclude each other; keep one")
    if properties.get("contentFile") is not None and not properties.get("contentSha256"):
        yield Problem("contentSha256", "contentFile needs contentSha256, or a changed file goes unnoticed")


def _refuse(request: Request) -> None:
    script = request.document
    date = script.get("compatibilityDate")
    if date and date > request.now[:10]:
        raise CloudError(400, f"compatibility date {date} is in the future; use today or earlier", code=10021)
    if request.old is None and request.store.get(request.kind, f"{script['accountId']}/{script['scriptName']}"):
        raise CloudError(409, f"a Worker named {script['scriptName']!r} exists already; import it", code=10013)


def _fill(request: Request) -> None:
    script = request.document
    source = str(script.get("content") or script.get("contentSha256") or "")
    script.update(
        etag=hashlib.sha256(source.encode()).hexdigest(),
        handlers=["fetch"],
        hasAssets=bool(script.get("assets")),
        hasModules=bool(script.get("mainModule")),
        lastDeployedFrom="api",
        modifiedOn=request.now,
        startupTimeMs=1,
    )
    script.setdefault("createdOn", request.now)


WORKERS_SCRIPT = ResourceType(
    pulumi_type="cloudflare:index/workersScript:WorkersScript",
    title="Worker",
    url="accounts/{accountId}/workers/scripts",
    named="scriptName",
    required=("accountId",),
    checks={"compatibilityDate": Form(r"\d{4}-\d\d-\d\d", "a date such as 2026-08-01")},
    problems=_problems,
    limits={"scriptName": Form(r"[a-z0-9_][a-z0-9_-]{0,62}", "at most 63 lower-case letters, digits, dashes and _")},
    refuse=_refuse,
    fill=_fill,
    replaces=("scriptName", "accountId"),
    sets=("compatibilityFlags", "bindings"),
    computed=(
        "usageModel",
        "observability",
        "placement",
        "limits",
        "annotations",
        "logpush",
        "bindings",
        "tailConsumers",
    ),
    secrets=("assets.jwt", "bindings[*].text", "bindings[*].keyBase64", "bindings[*].keyJwk"),
    write_only=("assets.jwt", "bindings[*].text", "bindings[*].keyBase64", "bindings[*].keyJwk"),
    scope="accountId",
    identify=lambda request: str(request.document["scriptName"]),
)
