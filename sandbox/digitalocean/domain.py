"""A domain whose DNS is at DigitalOcean."""

from __future__ import annotations

from sandbox.errors import CloudError
from sandbox.resource import Form, Request, ResourceType


def _refuse(request: Request) -> None:
    name = request.document["name"]
    if request.old is None and request.store.get("digitalocean/domain", name) is not None:
        raise CloudError(422, f"domain {name} already exists")


def _fill(request: Request) -> None:
    request.document["domainUrn"] = f"do:domain:{request.document['name']}"
    request.document["ttl"] = 1800


DOMAIN = ResourceType(
    pulumi_type="digitalocean:index/domain:Domain",
    title="Domain",
    url="v2/domains",
    limits={"name": Form(r"(?!-)[a-z0-9.-]{1,253}\.[a-z]{2,63}", "a domain name such as example.com")},
    refuse=_refuse,
    fill=_fill,
    replaces=("name", "ipAddress"),
    owns={"digitalocean/dnsRecord": "domain"},
    identify=lambda request: str(request.document["name"]),
)
