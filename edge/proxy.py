"""The edge as a program that answers requests: firewall, cache, origin, headers. It speaks no HTTP itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from edge.limits import Counters
from edge.outcome import Outcome
from edge.request import Request, Response
from edge.simulate import answered, explain, firewall
from edge.site import Site

NOT_KEPT: Final = "BYPASS"
_HOP_BY_HOP: Final = frozenset({"connection", "content-length", "keep-alive", "transfer-encoding", "upgrade"})


@dataclass(frozen=True)
class Answer:
    """A whole answer. Header names in lower case."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


Origin = Callable[[Request], Awaitable[Answer]]


@dataclass(frozen=True)
class Kept:
    """An answer in the cache, from `since` on for `seconds`."""

    answer: Answer
    since: float
    seconds: int


class Proxy:
    """The edge of some sites, in one data centre with one cache."""

    def __init__(self, sites: tuple[Site, ...], clock: Callable[[], float]) -> None:
        self.sites = sites
        self.hits: Counter[tuple[str, str]] = Counter()
        """How often each rule matched, by (phase, ref)."""
        self.cache: dict[tuple[str, str, bytes], Kept] = {}
        self.counters = Counters(clock)
        self.clock = clock

    def site(self, host: str) -> Site | None:
        """Who answers for a host name."""
        return next((site for site in self.sites if host in site.hosts), None)

    async def answer(self, site: Site, request: Request, origin: Origin) -> Answer:
        """What the visitor gets."""
        if site.platform:
            came = await origin(request)
            return _finished(explain(site, request, _seen(came), self.counters), came, NOT_KEPT)
        passage = firewall(site, request, self.counters)
        if passage.refused:
            self._count(passage.refused)
            return Answer(
                passage.refused.status or 403,
                {"content-type": passage.refused.content_type, **_rules(passage.refused)},
                passage.refused.body.encode(),
            )
        key = (request.method.replace("HEAD", "GET"), request.url, request.body)
        kept = self.cache.get(key)
        if kept and self.clock() < kept.since + kept.seconds and not _logged_in_at_worker(site, request):
            outcome = answered(site, passage, _seen(kept.answer))
            self._count(outcome)
            finished = _finished(outcome, kept.answer, "HIT")
            return replace(finished, headers={**finished.headers, "age": str(int(self.clock() - kept.since))})
        came = await origin(request)
        outcome = answered(site, passage, _seen(came))
        self._count(outcome)
        if outcome.cached.edge is not None and request.method != "HEAD":
            self.cache[key] = Kept(came, self.clock(), outcome.cached.edge)
        return _finished(outcome, came, "MISS" if outcome.cached.edge is not None else NOT_KEPT)

    def _count(self, outcome: Outcome) -> None:
        self.hits.update((hit.phase, hit.ref) for hit in outcome.hits)


def _logged_in_at_worker(site: Site, request: Request) -> bool:
    """Workers give what they keep to nobody with a login."""
    return site.worker(request) is not None and bool({"authorization", "cookie"} & request.headers.keys())


def _seen(answer: Answer) -> Response:
    return Response(answer.status, answer.headers)


def _finished(outcome: Outcome, answer: Answer, state: str) -> Answer:
    removed = {name.lower() for name in outcome.headers_removed} | _HOP_BY_HOP
    headers = {name: value for name, value in answer.headers.items() if name not in removed}
    headers |= {name.lower(): value for name, value in outcome.headers_set}
    if outcome.cached.control:
        headers["cache-control"] = outcome.cached.control
    return Answer(answer.status, {**headers, **_rules(outcome), "cf-cache-status": state}, answer.body)


def _rules(outcome: Outcome) -> dict[str, str]:
    """What real answers do not carry: the rules that matched, for people who try them out."""
    return {"x-edge-rules": ", ".join(f"{hit.ref}={hit.action}" for hit in outcome.hits)}
