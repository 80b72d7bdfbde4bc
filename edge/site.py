"""A zone as requests meet it: its rulesets, its Workers, and who stands behind them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from edge.request import Request

Rule = Mapping[str, Any]
"""A rule with the keys of Cloudflare's API: action, expression, ref, action_parameters, ratelimit."""


@dataclass(frozen=True)
class KeptPosts:
    """A Worker keeps answers to POST requests by their body: for how long, and up to which size of the body."""

    seconds: int
    limit_bytes: int


@dataclass(frozen=True)
class Worker:
    """A program at the edge. `kept` are the cache rules of one that forwards; with None it leaves GET to the zone's."""

    name: str
    routes: tuple[str, ...]
    kept: tuple[Rule, ...] | None = None
    posts: KeptPosts | None = None

    def answers(self, request: Request) -> bool:
        """Whether one of its routes is the request's."""
        return any(_on_route(route, request) for route in self.routes)


@dataclass(frozen=True)
class Site:
    """What one zone does. `rulesets` by phase; `hosts` are the names that it answers for.

    `platform` is who answers where Cloudflare's proxy does not, with the response headers that it sets or, with None,
    removes.
    """

    zone: str
    hosts: frozenset[str]
    rulesets: Mapping[str, tuple[Rule, ...]]
    workers: tuple[Worker, ...] = ()
    platform: str = ""
    platform_headers: Mapping[str, str | None] = field(default_factory=dict)

    def worker(self, request: Request) -> Worker | None:
        """The Worker that gets the request: the one with the longest route."""
        found = [worker for worker in self.workers if worker.answers(request)]
        return max(found, key=lambda worker: max(map(len, worker.routes)), default=None)


def _on_route(route: str, request: Request) -> bool:
    host, _, path = route.partition("/")
    path = f"/{path}"
    whole = request.path + (f"?{request.query}" if request.query else "")
    on_path = whole.startswith(path[:-1]) if path.endswith("*") else whole == path
    on_host = request.host.endswith(host[1:]) if host.startswith("*") else request.host == host
    return on_host and on_path
