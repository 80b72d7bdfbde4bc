"""Whether the DNS records of a system's domains point to where its app answers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ops.clouds.cloudflare import Cloudflare, Record
from ops.verify.check import Check, failed, ok
from settings.edge import Edge


def domain_checks(name: str, edge: Edge, hosts: Sequence[str], ingress: str, client: Cloudflare) -> Iterator[Check]:
    """One a host. `ingress` is the app's default host name. Raises what the client raises."""
    records = client.records(client.zone(edge.zone).id)
    for host in hosts:
        found = [record for record in records if record.name == host and record.type in ("CNAME", "A", "AAAA")]
        yield _domain(name, edge, host, ingress, found)


def _domain(name: str, edge: Edge, host: str, ingress: str, found: list[Record]) -> Check:
    wanted = f"CNAME {ingress}"
    if not found:
        return failed(name, "domains", f"{host} has no record; it must be {wanted}")
    record = found[0]
    shown = f"{record.type} {record.content}"
    if len(found) > 1 or record.type != "CNAME" or record.content.rstrip(".").lower() != ingress.lower():
        # App Platform takes a domain out of service whose CNAME points anywhere but to the app's default ingress.
        return failed(name, "domains", f"CNAME mismatch: {host} is {shown} instead of {wanted}")
    proxied = edge.mode == "cloudflare"
    if record.proxied != proxied:
        instead = "proxied" if proxied else "DNS only"
        return failed(name, "domains", f"{host} must be {instead} with edge.mode {edge.mode}")
    return ok(name, "domains", f"{host} → {ingress}")
