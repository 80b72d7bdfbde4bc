"""DNS records and the Worker, in both edge modes."""

from __future__ import annotations

import re

from tests.strict_engine import ACCOUNT_ID, ZONE_ID, StrictEngine
from tests.tetrix import BEHIND_CLOUDFLARE, ONE_DOMAIN, build, spec_of

HOSTS = ["tetrixcorp.com", "joromi.tetrixcorp.com", "code-academy.tetrixcorp.com"]
INGRESS = "tetrix-app-abcde.ondigitalocean.app"


def records(engine: StrictEngine) -> dict[str, dict[str, object]]:
    return {record.name: record.inputs for record in engine.of("DnsRecord")}


def test_each_domain_has_a_record_to_the_apps_default_host() -> None:
    common = {"zoneId": ZONE_ID, "type": "CNAME", "content": INGRESS, "ttl": 1, "proxied": False}
    assert records(build()) == {
        "tetrix-apex": {"name": "tetrixcorp.com", **common},
        "tetrix-joromi": {"name": "joromi.tetrixcorp.com", **common},
        "tetrix-code-academy": {"name": "code-academy.tetrixcorp.com", **common},
    }


def test_a_chosen_time_to_live_is_in_seconds() -> None:
    assert {record["ttl"] for record in records(build({"edge": {"ttl": "5m"}})).values()} == {300}


def test_the_zone_is_looked_up_and_never_changed(preview: bool) -> None:
    engine = build(BEHIND_CLOUDFLARE, preview=preview)
    zone = ("cloudflare:index/getZone:getZone", {"filter": {"name": "tetrixcorp.com", "match": "all"}})
    assert engine.calls.count(zone) == 1
    kinds = {resource.kind for resource in engine if resource.type.startswith("cloudflare:")}
    assert kinds == {"DnsRecord", "WorkersScript", "WorkersRoute"}


def test_on_the_platform_the_app_has_the_domains_and_no_proxy_stands_in_front(preview: bool) -> None:
    engine = build(preview=preview)
    assert [domain["name"] for domain in spec_of(engine)["domainNames"]] == [
        "tetrixcorp.com",
        "code-academy.tetrixcorp.com",
        "joromi.tetrixcorp.com",
    ]
    assert {record["proxied"] for record in records(engine).values()} == {False}
    assert engine.of("WorkersScript") == engine.of("WorkersRoute") == []


def test_behind_cloudflare_the_app_has_no_domain_and_every_record_is_proxied(preview: bool) -> None:
    engine = build(BEHIND_CLOUDFLARE, preview=preview)
    assert "domainNames" not in spec_of(engine)
    assert {record["proxied"] for record in records(engine).values()} == {True}
    assert {record["ttl"] for record in records(engine).values()} == {1}


def test_the_worker_sends_every_domain_to_the_default_host_with_the_secret_header() -> None:
    engine = build(BEHIND_CLOUDFLARE)
    worker = engine.one("WorkersScript")
    assert {key: worker.inputs[key] for key in ("accountId", "scriptName", "mainModule", "compatibilityDate")} == {
        "accountId": ACCOUNT_ID,
        "scriptName": "tetrix",
        "mainModule": "worker.mjs",
        "compatibilityDate": "2026-01-01",
    }
    assert worker.inputs["bindings"] == [
        {"name": "CACHE", "type": "plain_text", "text": "[]"},
        {"name": "ORIGIN_HEADER", "type": "plain_text", "text": "x-slipway-edge"},
        {"name": "ORIGIN_HOST", "type": "plain_text", "text": INGRESS},
        {"name": "ORIGIN_SECRET", "type": "secret_text", "text": "planted-EDGE_ORIGIN_SECRET"},
    ]
    assert worker.secrets == {("bindings", 3, "text")}
    assert {route.name: route.inputs for route in engine.of("WorkersRoute")} == {
        f"tetrix-{label}-route": {"zoneId": ZONE_ID, "pattern": f"{host}/*", "script": "tetrix"}
        for label, host in zip(("apex", "joromi", "code-academy"), HOSTS, strict=True)
    }


def test_the_worker_needs_only_what_it_is_bound_to() -> None:
    """The secret is a binding, never part of the code, which everybody with access to the account can read."""
    worker = build(BEHIND_CLOUDFLARE).one("WorkersScript")
    assert set(re.findall(r"\benv\.(\w+)", worker.inputs["content"])) == {
        binding["name"] for binding in worker.inputs["bindings"]
    }


def test_the_worker_leaves_redirects_to_the_visitor_and_refuses_plain_http() -> None:
    script = build(BEHIND_CLOUDFLARE).one("WorkersScript").inputs["content"]
    assert 'redirect: "manual"' in script
    assert script.index('url.protocol === "http:"') < script.index("env.ORIGIN_HOST")


def test_both_sides_use_the_same_header() -> None:
    engine = build(BEHIND_CLOUDFLARE)
    header = spec_of(engine)["ingress"]["secureHeader"]
    bindings = {item["name"]: item["text"] for item in engine.one("WorkersScript").inputs["bindings"]}
    assert (bindings["ORIGIN_HEADER"], bindings["ORIGIN_SECRET"]) == (header["key"], header["value"])


def test_another_environment_has_its_own_worker() -> None:
    engine = build({"edge": {**ONE_DOMAIN, "mode": "cloudflare"}}, environment="staging")
    assert engine.one("WorkersScript").inputs["scriptName"] == "tetrix-staging"


def test_before_the_app_exists_the_records_content_is_unknown() -> None:
    assert {repr(record["content"]) for record in records(build(preview=True)).values()} == {"UNKNOWN"}
