"""Leads a request through the phases of a zone, as Cloudflare does it (docs, ruleset-engine/reference/phases-list, and
fundamentals/concepts/traffic-flow, 2026-08). The origin's answer is given: a real one, or the one that is assumed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from edge.caching import decide
from edge.evaluate import matches
from edge.limits import Counters
from edge.outcome import Cached, Hit, Outcome, Verdict
from edge.request import Request, Response
from edge.site import Rule, Site

FIREWALL: Final = ("http_request_firewall_custom", "http_ratelimit", "http_request_firewall_managed")
_REFUSALS: Final[dict[str, tuple[Verdict, int]]] = {
    "block": ("blocked", 403),
    "challenge": ("challenged", 403),
    "js_challenge": ("challenged", 403),
    "managed_challenge": ("challenged", 403),
}
_MANAGED_NOTE: Final = "Cloudflare's own rules, which are not evaluated here"


@dataclass
class Passage:
    """One request on its way: what it has met so far, and the outcome where it ended at the firewall."""

    request: Request
    hits: list[Hit] = field(default_factory=list)
    skipped: set[str] = field(default_factory=set)
    refused: Outcome | None = None


def explain(site: Site, request: Request, response: Response, counters: Counters) -> Outcome:
    """The whole way of a request that the origin would answer with `response`."""
    if request.host not in site.hosts:
        return Outcome("not here", ())
    if site.platform:
        return _past_the_edge(site)
    passage = firewall(site, request, counters)
    return passage.refused or answered(site, passage, response)


def _past_the_edge(site: Site) -> Outcome:
    headers = site.platform_headers.items()
    return Outcome(
        "answered",
        (),
        cached=Cached(by=f"nobody: {site.platform} answers, no request passes Cloudflare's proxy"),
        headers_set=tuple(sorted((name, value) for name, value in headers if value is not None)),
        headers_removed=tuple(sorted(name for name, value in headers if value is None)),
    )


def firewall(site: Site, request: Request, counters: Counters) -> Passage:
    """The request after the phases that may refuse it."""
    passage = Passage(request)
    for phase in FIREWALL:
        if phase not in passage.skipped and passage.refused is None:
            _firewall_phase(site, phase, passage, counters)
    return passage


def _firewall_phase(site: Site, phase: str, passage: Passage, counters: Counters) -> None:
    for place, rule in enumerate(site.rulesets.get(phase, ()), 1):
        if not _applies(rule, passage.request):
            continue
        action, parameters = str(rule["action"]), rule.get("action_parameters") or {}
        limit = rule.get("ratelimit")
        if limit and not counters.exceeded(rule["ref"], passage.request.address, limit):
            passage.hits.append(Hit(phase, place, rule["ref"], "count", _rate(limit)))
            continue
        note = _MANAGED_NOTE if action == "execute" else ""
        passage.hits.append(Hit(phase, place, rule["ref"], action, note))
        if action == "skip":
            passage.skipped |= set(parameters.get("phases", ()))
            if parameters.get("ruleset") == "current":
                return
        elif action in _REFUSALS:
            passage.refused = _refusal(rule, passage, limited=bool(limit))
            return


def _refusal(rule: Rule, passage: Passage, *, limited: bool) -> Outcome:
    verdict, status = _REFUSALS[rule["action"]]
    response = (rule.get("action_parameters") or {}).get("response") or {}
    return Outcome(
        "limited" if limited else verdict,
        tuple(passage.hits),
        status=response.get("status_code", 429 if limited else status),
        body=response.get("content", ""),
        content_type=response.get("content_type", "text/html"),
    )


def answered(site: Site, passage: Passage, response: Response) -> Outcome:
    """What the visitor gets of the origin's answer."""
    request = passage.request.answered(response)
    worker = site.worker(request)
    cached, hits = decide(site, worker, request)
    sets: dict[str, str] = {}
    removed: list[str] = []
    for place, rule in _matching(site, "http_response_headers_transform", request):
        hits.append(Hit("http_response_headers_transform", place, rule["ref"], rule["action"]))
        for name, change in rule["action_parameters"]["headers"].items():
            if change["operation"] == "remove":
                removed.append(name)
                sets.pop(name, None)
            else:
                sets[name] = change["value"]
    return Outcome(
        "answered",
        (*passage.hits, *hits),
        worker=worker.name if worker else None,
        cached=cached,
        headers_set=tuple(sorted(sets.items())),
        headers_removed=tuple(sorted(removed)),
    )


def _applies(rule: Rule, request: Request) -> bool:
    return bool(rule.get("enabled", True)) and matches(rule["expression"], request)


def _matching(site: Site, phase: str, request: Request) -> Iterator[tuple[int, Rule]]:
    for place, rule in enumerate(site.rulesets.get(phase, ()), 1):
        if _applies(rule, request):
            yield place, rule


def _rate(limit: Rule) -> str:
    return f"{limit['requests_per_period']} requests in {limit['period']} s"
