"""Cache rules: their order, and what each becomes at Cloudflare."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from planning.edge_expression import expression
from settings.duration import whole_seconds
from settings.edge_match import Match
from settings.edge_rules import CacheRule

CacheRules = Iterable[tuple[str, CacheRule]]
Rule = dict[str, Any]


def ordered(rules: Mapping[str, CacheRule]) -> list[tuple[str, CacheRule]]:
    """The rules in the order that Cloudflare has to have them in: the last one that matches wins."""
    return sorted(rules.items(), key=lambda item: (item[1].priority, _special(item[1].when), item[0]))


def _special(match: Match) -> tuple[int, int, int]:
    """How special a match is: exact path or not, the shortest prefix's length, the number of further conditions."""
    conditions = sum(
        bool(getattr(match, name)) for name in type(match).model_fields if name not in {"paths", "prefixes", "hosts"}
    )
    shortest = min((len(prefix) for prefix in match.prefixes), default=0)
    return (1 if match.paths and not match.prefixes else 0, shortest, conditions)


def request_rules(rules: CacheRules, hosts: tuple[str, ...]) -> Iterator[tuple[str, Rule]]:
    """(name, rule of the phase http_request_cache_settings) in the rules' order."""
    for name, rule in rules:
        yield (
            name,
            {
                "action": "set_cache_settings",
                "expression": expression(rule.when, hosts),
                "action_parameters": _settings(rule),
            },
        )


def response_rules(rules: CacheRules, hosts: tuple[str, ...]) -> Iterator[tuple[str, Rule]]:
    """(name, rule of the phase http_response_cache_settings) for those that write Cache-Control.

    Each takes answers of status 200 only, so that an error is never kept.
    """
    for name, rule in rules:
        parameters = _cache_control(rule)
        if parameters:
            yield (
                name,
                {
                    "action": "set_cache_control",
                    "expression": f"{expression(rule.when, hosts)} and http.response.code eq 200",
                    "action_parameters": parameters,
                },
            )


def _settings(rule: CacheRule) -> dict[str, Any]:
    if rule.bypass:
        return {"cache": False, "browser_ttl": {"mode": "bypass"}}
    own = rule.through == "response_rule"
    return {
        "cache": True,
        "edge_ttl": _ttl(None if own or rule.edge is None else whole_seconds(rule.edge)),
        "browser_ttl": _ttl(None if own or rule.browser is None else whole_seconds(rule.browser)),
    }


def _ttl(seconds: int | None) -> dict[str, Any]:
    return {"mode": "respect_origin"} if seconds is None else {"mode": "override_origin", "default": seconds}


def _cache_control(rule: CacheRule) -> dict[str, Any]:
    if rule.bypass:
        return {}
    written: dict[str, Any] = {}
    if rule.through == "response_rule":
        if rule.edge is not None:
            written["s_maxage"] = {"operation": "set", "value": whole_seconds(rule.edge), "cloudflare_only": True}
        if rule.browser is not None:
            written["max_age"] = {"operation": "set", "value": whole_seconds(rule.browser), "cloudflare_only": False}
    if rule.immutable:
        written["immutable"] = {"operation": "set", "cloudflare_only": False}
    return written
