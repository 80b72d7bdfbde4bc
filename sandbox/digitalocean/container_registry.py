"""The account's container registry."""

from __future__ import annotations

from sandbox.errors import CloudError
from sandbox.resource import Form, OneOf, Request, ResourceType

_HOST = "registry.digitalocean.com"


def _refuse(request: Request) -> None:
    if request.old is None and any(request.others()):
        raise CloudError(409, "this account has a container registry already; import it, or remove it first")


def _fill(request: Request) -> None:
    registry = request.document
    registry.setdefault("region", "fra1")
    registry["serverUrl"] = _HOST
    registry["endpoint"] = f"{_HOST}/{registry['name']}"
    registry.setdefault("storageUsageBytes", 0)
    registry.setdefault("createdAt", request.now)


CONTAINER_REGISTRY = ResourceType(
    pulumi_type="digitalocean:index/containerRegistry:ContainerRegistry",
    title="container registry",
    url="v2/registry",
    checks={"subscriptionTierSlug": OneOf(("starter", "basic", "professional"))},
    limits={
        "region": OneOf(("ams3", "blr1", "fra1", "nyc3", "sfo2", "sfo3", "sgp1", "syd1")),
        "name": Form(r"[a-z0-9-]{1,63}", "lower-case letters, digits and dashes"),
    },
    refuse=_refuse,
    fill=_fill,
    replaces=("name", "region"),
    computed=("region",),
    autoname=True,
    identify=lambda request: str(request.document["name"]),
)
