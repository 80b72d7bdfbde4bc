"""`edge purge`: throw away what Cloudflare keeps of a zone, by URL, by prefix or all of it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from ops.clouds.cloudflare import Cloudflare
from ops.errors import OperationError
from ops.exit_code import ExitCode
from ops.stack import load_stack
from planning.edge_rulesets import ZonePlan, zone_plans

_AT_ONCE: Final = {"files": 100, "prefixes": 30}
"""The most entries of one request on every plan (Cloudflare API reference, zones/purge_cache, 2026-08). Purging by
prefix came to all plans in 2025-04 (Cloudflare changelog, "Purge for all")."""


def purge(
    root: Path, stack: str, urls: Sequence[str], prefixes: Sequence[str], *, everything: bool, confirm: str
) -> Iterator[str]:
    """Purge, when `confirm` is the zone's name; else say what would be purged. Raises OperationError."""
    if bool(urls) + bool(prefixes) + everything != 1:
        raise OperationError("say what to purge: --url, --prefix or --everything, one of the three", ExitCode.USAGE)
    plan = _zone(zone_plans(load_stack(root, stack)), [*urls, *(f"https://{prefix}" for prefix in prefixes)], confirm)
    bodies = [{"purge_everything": True}] if everything else list(_batches(urls, prefixes))
    what = "everything" if everything else ", ".join([*urls, *prefixes])
    if not confirm:
        yield f"would purge {what} of {plan.zone}; to do it, add: --confirm {plan.zone}"
        return
    cloudflare = Cloudflare(os.environ)
    zone = cloudflare.zone(plan.zone)
    for body in bodies:
        cloudflare.purge(zone.id, body)
    yield f"purged {what} of {plan.zone}"


def _zone(plans: Sequence[ZonePlan], urls: Sequence[str], confirm: str) -> ZonePlan:
    """The one zone that all is about. Raises OperationError."""
    if not plans:
        raise OperationError("no system of this stack stands behind Cloudflare's proxy", ExitCode.USAGE)
    hosts = {urlsplit(url).hostname or "" for url in urls}
    found = [plan for plan in plans if hosts <= {host for system in plan.systems for host in system.hosts}]
    if hosts and not found:
        known = ", ".join(sorted(host for plan in plans for system in plan.systems for host in system.hosts))
        message = f"{', '.join(sorted(hosts))} is not one zone of this stack; its hosts are {known}"
        raise OperationError(message, ExitCode.USAGE)
    named = [plan for plan in found if plan.zone == confirm] or found
    if len(named) > 1:
        zones = ", ".join(plan.zone for plan in named)
        raise OperationError(f"the stack has several zones ({zones}); add --confirm with one of them", ExitCode.USAGE)
    if confirm and named[0].zone != confirm:
        raise OperationError(f"--confirm {confirm} is not the zone, which is {named[0].zone}", ExitCode.REFUSED)
    return named[0]


def _batches(urls: Sequence[str], prefixes: Sequence[str]) -> Iterator[dict[str, Any]]:
    for name, entries in (("files", urls), ("prefixes", prefixes)):
        for start in range(0, len(entries), _AT_ONCE[name]):
            yield {name: list(entries[start : start + _AT_ONCE[name]])}
