"""A key-value namespace for Workers."""

from __future__ import annotations

from sandbox.errors import CloudError
from sandbox.resource import Request, ResourceType


def _refuse(request: Request) -> None:
    space = request.document
    mine = (space["accountId"], space["title"])
    if any((other["accountId"], other["title"]) == mine for _, other in request.others()):
        raise CloudError(400, "a namespace with this account ID and title already exists", code=10014)


def _fill(request: Request) -> None:
    request.document["supportsUrlEncoding"] = True


WORKERS_KV_NAMESPACE = ResourceType(
    pulumi_type="cloudflare:index/workersKvNamespace:WorkersKvNamespace",
    title="KV namespace",
    url="accounts/{accountId}/storage/kv/namespaces",
    named="title",
    required=("accountId",),
    refuse=_refuse,
    fill=_fill,
    replaces=("accountId",),
)
