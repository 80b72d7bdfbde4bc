"""A Spaces bucket (S3-compatible)."""

from __future__ import annotations

from sandbox.errors import CloudError
from sandbox.resource import Form, OneOf, Request, ResourceType

REGIONS = ("ams3", "atl1", "blr1", "fra1", "lon1", "nyc3", "ric1", "sfo2", "sfo3", "sgp1", "syd1", "tor1")


def _refuse(request: Request) -> None:
    name = request.document["name"]
    if request.old is None and request.store.get(request.kind, name) is not None:
        raise CloudError(409, f"BucketAlreadyExists: {name!r} is taken; bucket names are unique in a region")


def _fill(request: Request) -> None:
    bucket = request.document
    endpoint = f"{bucket['region']}.digitaloceanspaces.com"
    bucket["endpoint"] = endpoint
    bucket["bucketDomainName"] = f"{bucket['name']}.{endpoint}"
    bucket["bucketUrn"] = f"do:space:{bucket['name']}"
    for index, rule in enumerate(bucket.get("lifecycleRules") or []):
        rule.setdefault("id", request.vault.digest("lifecycle", request.id, str(index))[:24])


SPACES_BUCKET = ResourceType(
    pulumi_type="digitalocean:index/spacesBucket:SpacesBucket",
    title="bucket",
    url="{region}",
    checks={"region": OneOf(REGIONS)},
    limits={
        "name": Form(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", "3 to 63 lower-case letters, digits and dashes"),
        "acl": OneOf(("private", "public-read")),
    },
    refuse=_refuse,
    fill=_fill,
    replaces=("region",),
    defaults={"region": "nyc3", "acl": "private", "forceDestroy": False},
    computed=("lifecycleRules[*].id", "versioning"),
    autoname=True,
    identify=lambda request: str(request.document["name"]),
)
