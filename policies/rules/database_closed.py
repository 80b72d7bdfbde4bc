"""Databases that are not open to the world."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_network

from inventory.cluster import Cluster
from inventory.unknown import UNKNOWN, Unknown, known
from policies.circumstances import Circumstances
from policies.rule import Rule
from policies.sample import Samples, sample
from policies.samples.digitalocean import postgres, valkey


def broken(cluster: Cluster, stack: Circumstances) -> Iterator[str]:
    if not (rules := known(cluster.firewall)):
        yield "no firewall stands before it: whoever has its password gets in"
        return
    for kind, value in rules:
        if known(kind) == "ip_addr" and not isinstance(value, Unknown) and _everybody(value):
            yield f"its firewall lets everybody in ({value})"


def _everybody(address: str) -> bool:
    try:
        return ip_network(address, strict=False).prefixlen == 0
    except ValueError:
        return False


RULE = Rule(
    name="database-closed",
    about=Cluster,
    title="Only named apps and addresses may connect to a cluster.",
    why="A managed cluster has a public address. Without a firewall its password is all that protects it.",
    source="DigitalOcean docs, databases/postgresql/how-to/secure, read 2026-08",
    remedy="leave the firewall in place and name single addresses under database.allow",
    production="mandatory",
    elsewhere="mandatory",
    broken=broken,
    samples=lambda: Samples(
        passes=(
            sample(postgres()),
            sample(valkey(firewall=[{"type": "ip_addr", "value": "203.0.113.7"}])),
            sample(postgres(firewall=[{"type": "ip_addr", "value": "10.0.0.0/1"}])),
            sample(postgres(firewall=[{"type": "ip_addr", "value": "office"}])),
        ),
        fails=(
            sample(postgres(firewall=None)),
            sample(valkey(firewall=[])),
            sample(postgres(firewall=[{"type": "ip_addr", "value": "203.0.113.7/0"}])),
        ),
        unknown=(sample(postgres(firewall=UNKNOWN)),),
    ),
)
