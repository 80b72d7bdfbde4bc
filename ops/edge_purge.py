"""`edge purge`: throw away what Cloudflare keeps of a zone, by URL, by prefix or all of it."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, urlsplit

import urllib3

from ops.edge import load_stack
from ops.errors import OperationError
from ops.exit_code import ExitCode
from planning.edge_rulesets import ZonePlan, zone_plans

TOKEN: Final = "CLOUDFLARE_API_TOKEN"  # noqa: S105  the variable's name
BASE_URL: Final = "CLOUDFLARE_BASE_URL"
_API: Final = "https://api.cloudflare.com/client/v4"
_AT_ONCE: Final = {"files": 100, "prefixes": 30}
"""The most entries of one request on every plan (Cloudflare API reference, zones/purge_cache, 2026-08). Purging by
prefix came to all plans in 2025-04 (Cloudflare changelog, "Purge for all")."""

_TIMEOUT_SECONDS: Final = 30.0


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
    client = _Client(os.environ)
    zone_id = client.zone_id(plan.zone)
    for body in bodies:
        client.send("POST", f"/zones/{zone_id}/purge_cache", body)
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


class _Client:
    """Cloudflare's API. The token stands in the environment and in no message."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        token = environment.get(TOKEN)
        if not token:
            message = f"{TOKEN} is not set; it needs the permissions Zone Read and Cache Purge"
            raise OperationError(message, ExitCode.USAGE)
        self._base = environment.get(BASE_URL, _API).rstrip("/")
        self._headers = {"authorization": f"Bearer {token}", "content-type": "application/json"}
        # Purging twice does no harm, so a throttled request is sent again.
        retry = urllib3.Retry(total=3, status_forcelist=[429], allowed_methods=None, raise_on_status=False)
        self._pool = urllib3.PoolManager(timeout=_TIMEOUT_SECONDS, retries=retry)

    def zone_id(self, name: str) -> str:
        found = self.send("GET", f"/zones?name={quote(name)}")
        if not found:
            raise OperationError(f"the token sees no zone {name}; check its account and permissions", ExitCode.ENGINE)
        return str(found[0]["id"])

    def send(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """The result of a request. Raises OperationError with what Cloudflare says."""
        try:
            came = self._pool.request(
                method, self._base + path, headers=self._headers, body=json.dumps(body) if body else None
            )
            told = came.json()
        except (urllib3.exceptions.HTTPError, ValueError) as error:
            message = f"Cloudflare did not answer {method} {path}: {type(error).__name__}; try again"
            raise OperationError(message, ExitCode.ENGINE) from error
        if not told.get("success"):
            reasons = "; ".join(str(reason.get("message")) for reason in told.get("errors") or [])
            raise OperationError(f"Cloudflare refused {method} {path} ({came.status}): {reasons}", ExitCode.ENGINE)
        return told["result"]
