"""Nothing private in the cache."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from edge.errors import ExpressionError
from edge.evaluate import matches
from edge.request import Request
from inventory.unknown import UNKNOWN, UnknownValueError, known
from inventory.zone import Zone, ZoneRule
from policies.circumstances import Circumstances
from policies.rule import Rule
from policies.sample import Samples, sample
from policies.samples.cloudflare import HOST, rule, zone

PHASE: Final = "http_request_cache_settings"
PRIVATE: Final = ("/api/session", "/api/account", "/account", "/admin", "/login")
"""Paths whose answers depend on who asks, wherever they exist."""


def broken(found: Zone, stack: Circumstances) -> Iterator[str]:
    rules = found.of_phase(PHASE)
    for host in found.hosts:
        for path in PRIVATE:
            if entry := _keeping(rules, Request("GET", f"https://{host}{path}", {"authorization": "Bearer x"})):
                yield f"{host}{path} is kept in the cache by the rule {known(entry.ref)}, whoever asks"


def _keeping(rules: tuple[ZoneRule, ...], request: Request) -> ZoneRule | None:
    """The rule that has the answer kept against what the origin says; of those that match, the last one counts."""
    found = None
    for entry in rules:
        if known(entry.enabled) and _matches(known(entry.expression), request):
            parameters = known(entry.parameters)
            found = entry if _overrides(parameters) else None
    return found


def _matches(expression: str, request: Request) -> bool:
    try:
        return matches(expression, request)
    except ExpressionError:
        # Beyond the part of the language that is understood here.
        raise UnknownValueError from None


def _overrides(parameters: Any) -> bool:
    ttl = parameters.get("edgeTtl") or {}
    return known(parameters.get("cache")) is True and known(ttl.get("mode")) == "override_origin"


def _kept(ref: str, expression: Any, **parameters: Any) -> dict[str, Any]:
    sound = {"cache": True, "edge_ttl": {"mode": "override_origin", "default": 3600}}
    return rule(ref, "set_cache_settings", expression, action_parameters={**sound, **parameters})


_PAGES: Final = _kept("shop_pages", f'http.host eq "{HOST}"')
_NOT: Final = [
    _kept(f"shop_not-{number}", f'starts_with(http.request.uri.path, "{path}")', cache=False)
    for number, path in enumerate(("/api/", "/account", "/admin", "/login"))
]


RULE = Rule(
    name="cached-private",
    about=Zone,
    title="No cache rule keeps what depends on who asks.",
    why="The next visitor would get somebody else's account.",
    source="Cloudflare docs, cache/how-to/cache-rules, read 2026-08",
    remedy="add a rule with bypass: true for the path, or narrow the rule that keeps it",
    production="mandatory",
    elsewhere="mandatory",
    broken=broken,
    samples=lambda: Samples(
        passes=(
            sample(zone(rules={PHASE: [_PAGES, *_NOT]})),
            sample(zone(rules={PHASE: [_kept("shop_static", 'starts_with(http.request.uri.path, "/static/")')]})),
            sample(zone(rules={PHASE: [_kept("shop_all", "true", edge_ttl={"mode": "respect_origin"})]})),
            sample(zone(rules={PHASE: [{**_PAGES, "enabled": False}]})),
        ),
        fails=(
            sample(zone(rules={PHASE: [_PAGES]})),
            sample(zone(rules={PHASE: [*_NOT, _PAGES]})),
            sample(zone(rules={PHASE: [_PAGES, *_NOT[:3]]})),
        ),
        unknown=(sample(zone(rules={PHASE: [_kept("shop_pages", UNKNOWN)]})),),
    ),
)
