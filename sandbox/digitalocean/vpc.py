"""A private network."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable

from sandbox.digitalocean.regions import DATACENTERS
from sandbox.errors import CloudError
from sandbox.resource import Problem, Request, ResourceType
from sandbox.store import Store
from sandbox.values import Properties


def _problems(properties: Properties) -> Iterable[Problem]:
    wanted = properties.get("ipRange")
    if isinstance(wanted, str):
        try:
            ipaddress.ip_network(wanted)
        except ValueError as error:
            yield Problem("ipRange", f"expected a network such as 10.10.0.0/20: {error}")


def _refuse(request: Request) -> None:
    vpc = request.document
    if any(other["name"] == vpc["name"] for _, other in request.others()):
        raise CloudError(422, f"VPC name {vpc['name']!r} already exists; names are unique in an account")
    if vpc.get("ipRange"):
        mine = ipaddress.ip_network(vpc["ipRange"])
        for _, other in request.others():
            if mine.overlaps(ipaddress.ip_network(other["ipRange"])):
                raise CloudError(422, f"ip_range {mine} overlaps with that of the VPC {other['name']!r}")


def _fill(request: Request) -> None:
    vpc = request.document
    if request.old is None:
        vpc["createdAt"] = request.now
        vpc["default"] = False
        vpc["vpcUrn"] = f"do:vpc:{request.id}"
        vpc.setdefault("ipRange", f"10.{100 + request.number('digitalocean vpc range')}.0.0/20")


def _retire(store: Store, vpc_id: str) -> None:
    members = [body["name"] for _, body in store.find("digitalocean/databaseCluster", privateNetworkUuid=vpc_id)]
    if members:
        raise CloudError(403, f"Can not delete VPC with members: {', '.join(members)}")


VPC = ResourceType(
    pulumi_type="digitalocean:index/vpc:Vpc",
    title="VPC",
    url="v2/vpcs",
    problems=_problems,
    limits={"region": DATACENTERS},
    refuse=_refuse,
    fill=_fill,
    retire=_retire,
    replaces=("region", "ipRange"),
    computed=("ipRange",),
    autoname=True,
)
