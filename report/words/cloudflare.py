"""Words for the resources of Cloudflare."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from report.preview import Properties
from report.values import Mark, Value, at, text
from report.words.words import Words

PHASES: Final = {
    "http_request_firewall_custom": "firewall rules",
    "http_ratelimit": "rate limits",
    "http_request_firewall_managed": "managed firewall rules",
    "http_request_cache_settings": "cache rules",
    "http_response_cache_settings": "cache rules for answers",
    "http_response_headers_transform": "response headers",
}
"""What the phases of a zone do, as in planning/edge_rulesets.py."""


def _record(properties: Properties) -> str:
    return f"{text(at(properties, 'name'))} {text(at(properties, 'type'))}"


def _record_facts(properties: Properties) -> Iterator[str]:
    kind, name, content = (at(properties, key) for key in ("type", "name", "content"))
    if Mark.UNKNOWN in (kind, name):
        yield text(Mark.UNKNOWN)
        return
    yield f"{text(kind)} {text(name)} → {text(content)}"
    yield "through Cloudflare's proxy" if at(properties, "proxied") is True else "without the proxy"


def _phase(properties: Properties) -> str:
    phase = text(at(properties, "phase"))
    return PHASES.get(phase, phase)


def _rule_facts(properties: Properties) -> Iterator[str]:
    rules = at(properties, "rules")
    if isinstance(rules, list):
        yield ", ".join(text(at(rule, "description")) for rule in rules) or "no rule"


def _rule(rule: Value) -> str:
    return f"{text(at(rule, 'action'))} where {text(at(rule, 'expression'))}"


def _route(properties: Properties) -> str:
    return text(at(properties, "pattern"))


def _route_facts(properties: Properties) -> Iterator[str]:
    yield f"to {text(at(properties, 'script'))}"


def _setting_facts(properties: Properties) -> Iterator[str]:
    value = at(properties, "value")
    if isinstance(value, str | int | Mark):
        yield text(value)


def _named(properties: Properties) -> str:
    return text(at(properties, "name"))


CLOUDFLARE: Final[Mapping[str, Words]] = {
    "cloudflare:index/dnsRecord:DnsRecord": Words(
        "DNS record",
        called=_record,
        facts=_record_facts,
        labels={"content": "points to", "proxied": "through Cloudflare's proxy", "ttl": "time to live", "type": "type"},
    ),
    "cloudflare:index/ruleset:Ruleset": Words(
        "ruleset",
        called=_phase,
        facts=_rule_facts,
        labels={
            "rules": "rules",
            "rules.*": "rule {0}",
            "rules.*.expression": "rule {0} applies to",
            "rules.*.action": "rule {0} does",
            "rules.*.enabled": "rule {0} is on",
            "rules.*.actionParameters.headers.*.**": "rule {0}: header {1}",
            "rules.*.actionParameters.**": "settings of rule {0}",
            "rules.*.ratelimit.requestsPerPeriod": "rule {0}: requests a period",
            "rules.*.ratelimit.period": "rule {0}: period",
            "rules.*.ratelimit.mitigationTimeout": "rule {0}: blocks for",
            "rules.*.ratelimit.**": "limit of rule {0}",
        },
        units={"rules.*.ratelimit.period": "s", "rules.*.ratelimit.mitigationTimeout": "s"},
        shown={"rules.*": _rule},
    ),
    "cloudflare:index/workersRoute:WorkersRoute": Words(
        "Worker route", called=_route, facts=_route_facts, labels={"script": "Worker", "pattern": "addresses"}
    ),
    "cloudflare:index/workersScript:WorkersScript": Words(
        "Worker",
        called=lambda properties: text(at(properties, "scriptName")),
        labels={
            "content": "program",
            "bindings.*": "variable {0}",
            "bindings.*.text": "variable {0}",
            "bindings.*.*": "variable {0}: {1}",
            "compatibilityDate": "compatibility date",
            "limits.cpuMs": "CPU time a request",
        },
        units={"limits.cpuMs": "ms"},
        # Programs and lists of cache rules are not read in a table.
        hidden=("content",),
    ),
    "cloudflare:index/zone:Zone": Words("zone", called=_named),
    "cloudflare:index/zoneSetting:ZoneSetting": Words(
        "zone setting",
        called=lambda properties: text(at(properties, "settingId")),
        facts=_setting_facts,
        labels={"value": "value", "value.**": "value"},
    ),
    "cloudflare:index/argoTieredCaching:ArgoTieredCaching": Words(
        "tiered caching", facts=_setting_facts, labels={"value": "switch"}
    ),
    "cloudflare:index/tieredCache:TieredCache": Words(
        "topology of the tiered cache", facts=_setting_facts, labels={"value": "smart"}
    ),
    "cloudflare:index/argoSmartRouting:ArgoSmartRouting": Words(
        "Argo smart routing", facts=_setting_facts, labels={"value": "switch"}
    ),
    "cloudflare:index/healthcheck:Healthcheck": Words("health check", called=_named),
    "cloudflare:index/notificationPolicy:NotificationPolicy": Words("notification", called=_named),
    "cloudflare:index/notificationPolicyWebhooks:NotificationPolicyWebhooks": Words(
        "webhook", called=_named, hidden=("url", "secret")
    ),
}
