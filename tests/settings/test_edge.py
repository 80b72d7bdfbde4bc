"""Domains and DNS: every rule, refused just beyond its bound and kept at it."""

from __future__ import annotations

import pytest

from tests.settings.samples import DIGITALOCEAN, refusals

KEPT = (
    "edge: null",
    "edge: {ttl: 60s}",
    "edge: {ttl: 1d}",
    "edge: {domains: [{name: www.example.com, role: primary}, {name: example.com}]}",
    "edge: {domains: [{name: example.com, role: primary, proxied: false}]}",
    "edge: {mode: cloudflare, domains: [{name: example.com, role: primary, proxied: true}]}",
)
REFUSED = (
    (
        "edge: {zone: Example.com}",
        [
            'edge.zone: "Example.com" is not a full host name in lower case, without a dot at the end; write it '
            'as in "www.example.com"',
        ],
    ),
    (
        "edge: {zone: other.com}",
        [
            "edge.domains[0].name: example.com is not in the zone other.com; correct the one or the other",
        ],
    ),
    (
        "edge: {ttl: 59s}",
        [
            "edge.ttl: 59s is outside 60s to 1d; choose a duration in that range",
        ],
    ),
    (
        "edge: {ttl: 86401s}",
        [
            "edge.ttl: 86401s is outside 60s to 1d; choose a duration in that range",
        ],
    ),
    (
        "edge: {ttl: 60s, mode: cloudflare}",
        [
            "edge.ttl: 1m on proxied records, which always have Cloudflare's automatic time to live; remove it",
        ],
    ),
    (
        "edge: {mode: cloudfare}",
        [
            'edge.mode: "cloudfare" is not one of platform, cloudflare; did you mean "cloudflare"?',
        ],
    ),
    (
        "edge: {domains: []}",
        [
            "edge.domains: it is empty; write at least 1 entry",
        ],
    ),
    (
        "edge: {domains: [{name: example.com}]}",
        [
            "edge.domains: exactly one domain must be primary, found none; set role: primary on one of them",
        ],
    ),
    (
        "edge: {domains: [{name: example.com, role: primary}, {name: www.example.com, role: primary}]}",
        [
            "edge.domains: exactly one domain must be primary, found example.com, www.example.com; make the "
            "others an alias",
        ],
    ),
    (
        "edge: {domains: [{name: example.com, role: primary}, {name: example.com}]}",
        [
            "edge.domains: example.com stands here 2 times; name each domain once",
        ],
    ),
    (
        "edge: {domains: [{name: example.com, role: primary}, {name: notexample.com}]}",
        [
            "edge.domains[1].name: notexample.com is not in the zone example.com; correct the one or the other",
        ],
    ),
    (
        "edge: {domains: [{name: example.com, role: primary, proxied: true}]}",
        [
            "edge.domains[0].proxied: proxied: true contradicts mode: platform; App Platform serves a domain "
            "itself or Cloudflare proxies it, never both; remove it, or set mode: cloudflare",
        ],
    ),
    (
        "edge: {mode: cloudflare, domains: [{name: example.com, role: primary, proxied: false}]}",
        [
            "edge.domains[0].proxied: proxied: false contradicts mode: cloudflare; App Platform serves a domain "
            "itself or Cloudflare proxies it, never both; remove it, or set mode: platform",
        ],
    ),
    (
        'edge: {domains: [{name: "https://example.com", role: primary}]}',
        [
            'edge.domains[0].name: "https://example.com" is not a full host name in lower case, without a dot at '
            'the end; write it as in "www.example.com"',
        ],
    ),
    (
        "edge: {domains: [{name: example.com., role: primary}]}",
        [
            'edge.domains[0].name: "example.com." is not a full host name in lower case, without a dot at the '
            'end; write it as in "www.example.com"',
        ],
    ),
)


@pytest.mark.parametrize("changes", KEPT)
def test_a_value_at_its_bound_is_kept(changes: str) -> None:
    assert refusals(DIGITALOCEAN, changes) == []


@pytest.mark.parametrize(("changes", "problems"), REFUSED, ids=[changes for changes, _ in REFUSED])
def test_a_value_beyond_its_bound_is_refused_with_the_rule_and_the_way_out(changes: str, problems: list[str]) -> None:
    assert refusals(DIGITALOCEAN, changes) == problems
