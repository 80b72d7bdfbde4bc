"""Whether a domain leads to the app: by a CNAME, or, where DNS flattens it, by the same addresses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Protocol

import dns.exception
import dns.resolver

from ops.monitor.seen import Reading


class Lookup(Protocol):
    """Answers DNS questions. Raises DNSException."""

    def __call__(self, name: str, kind: str) -> list[str]:
        """The contents of a name's records of a kind, without final dots; none where there are none."""


def leads_here(domain: str, ingress: str, look_up: Lookup) -> Iterator[Reading]:
    """One reading. `ingress` is the host under which the platform serves the app."""
    measure = f"leads here {domain}"
    try:
        names = look_up(domain, "CNAME")
        if names:
            right = names == [ingress]
            yield measure, float(right), "" if right else f"leads to {', '.join(names)} instead of {ingress}"
            return
        # At a zone's apex Cloudflare answers with the addresses behind the CNAME.
        found = {address for kind in ("A", "AAAA") for address in look_up(domain, kind)}
        wanted = {address for kind in ("A", "AAAA") for address in look_up(ingress, kind)}
    except dns.exception.DNSException as error:
        yield measure, None, f"DNS does not answer: {type(error).__name__}"
        return
    right = bool(found & wanted)
    yield measure, float(right), "" if right else f"has {_shown(found)}, and {ingress} has {_shown(wanted)}"


def public_lookup(timeout: float) -> Lookup:
    """Asks the resolvers of this machine."""

    def look_up(name: str, kind: str) -> list[str]:
        resolver = dns.resolver.Resolver()
        try:
            return [str(record).rstrip(".") for record in resolver.resolve(name, kind, lifetime=timeout)]
        except (dns.resolver.NoAnswer, dns.resolver.NXDOMAIN):
            return []

    return look_up


def emulated_lookup(records: list[Mapping[str, Any]]) -> Lookup:
    """Looks into the records of the emulated Cloudflare."""

    def look_up(name: str, kind: str) -> list[str]:
        return [
            str(record["content"]).rstrip(".")
            for record in records
            if (record.get("name"), record.get("type")) == (name, kind)
        ]

    return look_up


def _shown(addresses: set[str]) -> str:
    return ", ".join(sorted(addresses)) or "no address"
