"""The tree of what is deployed: children under their components, each with the one fact that people look for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from rich.console import Console

from ops.tree import resource_tree

STACK = "urn:pulumi:staging::slipway::pulumi:pulumi:Stack::slipway-staging"


def shown(*resources: Mapping[str, Any]) -> list[str]:
    console = Console(width=120, color_system=None)
    with console.capture() as capture:
        console.print(resource_tree(resources))
    return [line.rstrip() for line in capture.get().splitlines()]


def resource(kind: str, name: str, parent: str = STACK, **more: Any) -> dict[str, Any]:
    return {
        "urn": f"urn:pulumi:staging::slipway::{kind}::{name}",
        "type": kind,
        "parent": parent,
        "custom": True,
        **more,
    }


ROOT = {"urn": STACK, "type": "pulumi:pulumi:Stack"}


def test_children_stand_under_their_components_and_providers_nowhere() -> None:
    system = resource("slipway:index:System", "tetrix", custom=False)
    spec = {"services": [{"instanceCount": 2, "instanceSizeSlug": "apps-s-1vcpu-1gb"}]}
    app = resource("digitalocean:index/app:App", "tetrix-app", system["urn"], protect=True, outputs={"spec": spec})
    provider = resource("pulumi:providers:digitalocean", "default")
    assert shown(ROOT, provider, system, app) == [
        "slipway-staging  Stack",
        "└── tetrix  System",
        "    └── tetrix-app  App  2 of apps-s-1vcpu-1gb  protected",
    ]


@pytest.mark.parametrize(
    ("kind", "outputs", "fact"),
    [
        (
            "cloudflare:index/dnsRecord:DnsRecord",
            {"name": "www.example.com", "type": "CNAME", "content": "a.example"},
            "www.example.com  CNAME → a.example",
        ),
        ("digitalocean:index/uptimeCheck:UptimeCheck", {"target": "https://a.example"}, "https://a.example"),
        ("digitalocean:index/uptimeAlert:UptimeAlert", {"type": "latency", "threshold": 800.0}, "latency 800"),
        ("digitalocean:index/uptimeAlert:UptimeAlert", {"type": "down"}, "down"),
        (
            "digitalocean:index/app:App",
            {
                "spec": {
                    "services": [
                        {"autoscaling": {"minInstanceCount": 2, "maxInstanceCount": 5}, "instanceSizeSlug": "large"}
                    ]
                }
            },
            "2 to 5 of large",
        ),
        (
            "fly:index:Release",
            {"deployedImage": "registry.fly.io/a:v1@sha256:00", "counts": {"sjc": 2, "iad": 1}},
            "registry.fly.io/a:v1  1 in iad, 2 in sjc",
        ),
        ("fly:index:Volume", {"count": 1.0, "sizeGb": 5.0, "region": "iad"}, "1 of 5 GB in iad"),
        ("fly:index:Address", {"address": "2001:db8::1"}, "2001:db8::1"),
    ],
)
def test_a_resource_shows_its_fact(kind: str, outputs: dict[str, Any], fact: str) -> None:
    assert shown(ROOT, resource(kind, "x", outputs=outputs))[1] == f"└── x  {kind.rpartition(':')[2]}  {fact}"


def test_an_empty_stack_says_so() -> None:
    assert shown() == ["nothing is deployed"]
