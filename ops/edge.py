"""`edge explain`: what a request meets at the edge, from the rulesets that the stack deploys."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from edge.limits import Counters
from edge.outcome import Cached, Outcome
from edge.request import Request, Response
from edge.simulate import explain
from edge.site import Site
from ops.errors import OperationError
from ops.exit_code import ExitCode
from ops.stack import load_stack
from planning.edge_rulesets import zone_plans
from planning.edge_site import sites
from settings.duration import show

ASSUMED: Final = Response(200, {"x-powered-by": "the app"})
"""What the origin is taken to answer: well, and without a Cache-Control of its own."""

_METHODS: Final = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


def explain_request(
    root: Path, stack: str, method: str, url: str, headers: Sequence[str], *, times: int, country: str, as_json: bool
) -> Iterator[str]:
    """Say what happens to the last of `times` such requests within one second. Raises OperationError."""
    loaded = load_stack(root, stack)
    request = read_request(method, url, headers, country=country)
    place = at(sites(loaded), request)
    counters = Counters(lambda: 0.0)
    for _ in range(times - 1):
        explain(place, request, ASSUMED, counters)
    outcome = explain(place, request, ASSUMED, counters)
    if as_json:
        yield json.dumps(dataclasses.asdict(outcome))
        return
    for plan in zone_plans(loaded):
        for fallback in plan.fallbacks:
            yield f"note: {fallback}"
    yield from lines(outcome)


def read_request(method: str, url: str, headers: Sequence[str], *, country: str) -> Request:
    """A request from a command line. Raises OperationError for what is none."""
    if method.upper() not in _METHODS:
        raise OperationError(f"{method} is no HTTP method; use one of {', '.join(_METHODS)}", ExitCode.USAGE)
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise OperationError(f"{url} is no URL; write https://<host>/<path>", ExitCode.USAGE)
    found: dict[str, str] = {}
    for header in headers:
        name, colon, value = header.partition(":")
        if not colon or not name.strip():
            raise OperationError(f"{header!r} is no header; write 'Name: value'", ExitCode.USAGE)
        found[name.strip().lower()] = value.strip()
    return Request(method.upper(), url, found, country=country)


def at(found: Sequence[Site], request: Request) -> Site:
    """The site that answers the request. Raises OperationError where none does."""
    for one in found:
        if request.host in one.hosts:
            return one
    known = ", ".join(sorted(host for one in found for host in one.hosts))
    raise OperationError(f"{request.host} is no host of this stack; there are {known}", ExitCode.USAGE)


def lines(outcome: Outcome) -> Iterator[str]:
    """An outcome for people."""
    status = f" with status {outcome.status}" if outcome.status else ""
    yield f"{outcome.verdict}{status}"
    for hit in outcome.hits:
        note = f" ({hit.note})" if hit.note else ""
        yield f"  {hit.phase} {hit.place}. {hit.ref}: {hit.action}{note}"
    if outcome.verdict != "answered":
        return
    yield f"served by: {f'Worker {outcome.worker}' if outcome.worker else 'the origin'}, unless kept"
    yield f"kept: {kept(outcome.cached)}"
    for name, value in outcome.headers_set:
        yield f"header {name}: {value}"
    for name in outcome.headers_removed:
        yield f"header {name} removed"


def kept(cached: Cached) -> str:
    """How an answer is kept, in words."""
    edge = "not at the edge" if cached.edge is None else f"{_time(cached.edge)} at the edge"
    browser = {None: "as the origin says in the browser", 0: "not in the browser"}.get(
        cached.browser, f"{_time(cached.browser or 0)} in the browser"
    )
    return f"{edge}, {browser} (by {cached.by})"


def _time(seconds: int) -> str:
    return show(timedelta(seconds=seconds))
