"""A ruleset: the rules of one phase."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sandbox.cloud import Cloud
from sandbox.cloudflare.account import IDENTIFIER
from sandbox.cloudflare.plan_limits import refuse_beyond
from sandbox.cloudflare.ruleset_phases import ACTIONS, ALL_ACTIONS, PERIODS
from sandbox.cloudflare.zone import plan_of, require_zone
from sandbox.errors import CloudError
from sandbox.resource import OneOf, Problem, Request, ResourceType, Rule, Span
from sandbox.store import Document
from sandbox.values import UNKNOWN, Properties

_PARAMETERS = "rules[*].actionParameters"
_FOREVER = float("inf")

_CHECKS: dict[str, Rule] = {
    "accountId": IDENTIFIER,
    "zoneId": IDENTIFIER,
    "kind": OneOf(("managed", "custom", "root", "zone")),
    "phase": OneOf(tuple(ACTIONS)),
    "rules[*].action": OneOf(ALL_ACTIONS),
    f"{_PARAMETERS}.response.statusCode": Span(400, 499),
    f"{_PARAMETERS}.statusCode": Span(400, 999),
    f"{_PARAMETERS}.origin.port": Span(1, 65535),
    f"{_PARAMETERS}.edgeTtl.mode": OneOf(("respect_origin", "bypass_by_default", "override_origin")),
    f"{_PARAMETERS}.edgeTtl.default": Span(0, _FOREVER),
    f"{_PARAMETERS}.browserTtl.mode": OneOf(("respect_origin", "bypass", "override_origin")),
    f"{_PARAMETERS}.headers[*].operation": OneOf(("add", "set", "remove")),
    f"{_PARAMETERS}.polish": OneOf(("off", "lossless", "lossy", "webp")),
    f"{_PARAMETERS}.ssl": OneOf(("off", "flexible", "full", "strict", "origin_pull")),
    f"{_PARAMETERS}.sMaxage.operation": OneOf(("set", "remove")),
    f"{_PARAMETERS}.maxAge.operation": OneOf(("set", "remove")),
    "rules[*].ratelimit.requestsPerPeriod": Span(1, _FOREVER),
}


def _problems(properties: Properties) -> Iterable[Problem]:
    if bool(properties.get("zoneId")) == bool(properties.get("accountId")):
        yield Problem("zoneId", "exactly one of zoneId and accountId is needed")
    for index, rule in enumerate(properties.get("rules") or []):
        if not isinstance(rule, dict):
            continue
        parameters = rule.get("actionParameters") or {}
        if not isinstance(parameters, dict):
            continue
        where = f"rules[{index}].actionParameters"
        for name in ("edgeTtl", "browserTtl"):
            yield from _ttl_problems(f"{where}.{name}", parameters.get(name))
        headers = parameters.get("headers")
        for header, change in headers.items() if isinstance(headers, dict) else ():
            yield from _header_problems(f'{where}.headers["{header}"]', header, change)


def _ttl_problems(where: str, ttl: object) -> Iterator[Problem]:
    if not isinstance(ttl, dict) or ttl.get("mode") is UNKNOWN:
        return
    overriding = ttl.get("mode") == "override_origin"
    if overriding and ttl.get("default") is None:
        yield Problem(f"{where}.default", "mode override_origin needs a default, in seconds")
    if not overriding and ttl.get("default") is not None:
        yield Problem(f"{where}.default", f"a default goes with mode override_origin only, not with {ttl.get('mode')}")


def _header_problems(where: str, header: str, change: object) -> Iterator[Problem]:
    if header.lower().startswith(("cf-", "x-cf-")):
        yield Problem(where, f"header {header} belongs to Cloudflare and cannot be changed")
    if not isinstance(change, dict):
        return
    given = [name for name in ("value", "expression") if change.get(name) is not None]
    operation = change.get("operation")
    if operation == "remove" and given:
        yield Problem(f"{where}.{given[0]}", "operation remove takes neither value nor expression")
    if operation in ("set", "add") and len(given) != 1:
        yield Problem(where, f"operation {operation} takes exactly one of value and expression")


def _refuse(request: Request) -> None:
    ruleset = request.document
    zone = require_zone(request) if ruleset.get("zoneId") else None
    owner = ruleset.get("zoneId") or ruleset.get("accountId")
    for id_, other in request.others():
        place = (other.get("zoneId") or other.get("accountId"), other["phase"], other["kind"])
        if ruleset["kind"] in ("zone", "root") and place == (owner, ruleset["phase"], ruleset["kind"]):
            raise CloudError(
                400,
                f"the phase {ruleset['phase']} has its entry point ruleset already ({id_}); put all rules of a phase "
                "into one ruleset, or import that one",
                code=20217,
            )
    rules = ruleset.get("rules") or []
    refs = [rule["ref"] for rule in rules if rule.get("ref")]
    for repeated in sorted({ref for ref in refs if refs.count(ref) > 1}):
        raise CloudError(400, f"ref {repeated!r} is used by two rules", code=20119)
    for number, rule in enumerate(rules, 1):
        _refuse_rule(ruleset["phase"], number, rule)
    if zone:
        refuse_beyond(plan_of(zone), ruleset["phase"], rules)


def _refuse_rule(phase: str, number: int, rule: Document) -> None:
    if rule.get("action") not in ACTIONS[phase]:
        allowed = ", ".join(ACTIONS[phase])
        message = f"rule {number}: action {rule.get('action')!r} is not allowed in phase {phase}; allowed: {allowed}"
        raise CloudError(400, message, code=20016)
    limit = rule.get("ratelimit")
    if phase == "http_ratelimit" and not limit:
        raise CloudError(400, f"rule {number}: a rule in phase http_ratelimit needs ratelimit", code=20120)
    if not limit:
        return
    if "cf.colo.id" not in limit["characteristics"]:
        raise CloudError(400, f"rule {number}: ratelimit characteristics must include cf.colo.id", code=20158)
    if limit["period"] not in PERIODS:
        raise CloudError(400, f"rule {number}: period {limit['period']} is not one of {list(PERIODS)}", code=20154)


def _fill(request: Request) -> None:
    ruleset = request.document
    before = {rule.get("ref"): rule for rule in (request.old or {}).get("rules") or []}
    ruleset.setdefault("rules", [])
    for rule in ruleset["rules"]:
        known = before.get(rule.get("ref")) or {}
        rule["id"] = known.get("id") or request.vault.digest("rule", str(request.number("cloudflare rule")))[:32]
        rule.setdefault("ref", rule["id"])
        _complete(rule)
    ruleset["version"] = str(int((request.old or {}).get("version", 0)) + 1)
    ruleset["lastUpdated"] = request.now


_LISTED = ("name", "kind", "phase", "version", "description", "lastUpdated")
_ITS_OWN_ORDER = ("characteristics", "phases", "products")


def _complete(rule: Document) -> None:
    """What the API adds by itself: defaults, and an order of its own for lists whose order means nothing."""
    rule.setdefault("description", "")
    if rule.get("action") in ("execute", "skip"):
        rule.setdefault("logging", {"enabled": True})
    limit = rule.get("ratelimit")
    if limit:
        limit.setdefault("mitigationTimeout", 0)
        limit.setdefault("requestsToOrigin", False)
    for holder in (limit or {}, rule.get("actionParameters") or {}):
        for name in _ITS_OWN_ORDER:
            if isinstance(holder.get(name), list):
                holder[name] = sorted(holder[name], reverse=True)


def get_rulesets(cloud: Cloud, arguments: Properties) -> Properties:
    """`cloudflare:index/getRulesets:getRulesets`: the rulesets of a zone or account, without their rules.

    Every zone has Cloudflare's own ones beside those of its owner.
    """
    place = {name: arguments.get(name) for name in ("zoneId", "accountId") if arguments.get(name)}
    found = [
        {**{name: ruleset.get(name) for name in _LISTED}, "id": id_}
        for id_, ruleset in cloud.store.all(RULESET.kind)
        if all(ruleset.get(name) == value for name, value in place.items())
    ]
    managed = {
        "id": "77454fe2d30c4220b5701f6fdfb893ba",
        "name": "Cloudflare Managed Free Ruleset",
        "kind": "managed",
        "phase": "http_request_firewall_managed",
        "version": "44",
        "description": "Created by Cloudflare",
        "lastUpdated": "2026-08-01T00:00:00Z",
    }
    listed = [managed, *reversed(found)]
    return {**arguments, "id": "rulesets", "rulesets": listed, "results": listed}


def get_ruleset(cloud: Cloud, arguments: Properties) -> Properties:
    """`cloudflare:index/getRuleset:getRuleset`: one ruleset with its rules, by `rulesetId`."""
    wanted = str(arguments.get("rulesetId") or arguments.get("id"))
    ruleset = cloud.store.get(RULESET.kind, wanted)
    if ruleset is None or ruleset.get("zoneId") != arguments.get("zoneId"):
        raise CloudError(404, f"could not find ruleset {wanted}")
    return {**ruleset, "id": wanted, "rulesetId": wanted}


RULESET = ResourceType(
    pulumi_type="cloudflare:index/ruleset:Ruleset",
    title="ruleset",
    url="zones/{zoneId}/rulesets",
    checks=_CHECKS,
    problems=_problems,
    refuse=_refuse,
    fill=_fill,
    replaces=("accountId", "zoneId", "kind", "name", "phase"),
    sets=tuple(f"rules[*].{place}" for place in ("ratelimit.characteristics", "actionParameters.phases")),
    defaults={"rules[*].enabled": True},
    computed=(
        "description",
        "rules[*].id",
        "rules[*].ref",
        "rules[*].logging",
        "rules[*].ratelimit.mitigationTimeout",
        "rules[*].ratelimit.requestsToOrigin",
    ),
)
