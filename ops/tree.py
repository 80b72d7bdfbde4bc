"""A stack's resources as a tree, children under their components."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rich.text import Text
from rich.tree import Tree


def resource_tree(resources: Iterable[Mapping[str, Any]]) -> Tree:
    """The tree of a deployment's `resources`, as `pulumi stack export` gives them. Providers are left out."""
    nodes: dict[str, Tree] = {}
    root = Tree("nothing is deployed")
    for resource in resources:
        urn, kind = str(resource["urn"]), str(resource["type"])
        if kind.startswith("pulumi:providers:"):
            continue
        label = _label(resource)
        parent = nodes.get(str(resource.get("parent", "")))
        if parent is None:
            root = nodes[urn] = Tree(label)
        else:
            nodes[urn] = parent.add(label)
    return root


def _label(resource: Mapping[str, Any]) -> Text:
    name = str(resource["urn"]).rpartition("::")[2]
    label = Text(name, style="bold" if not resource.get("custom") else "")
    label.append(f"  {str(resource['type']).rpartition(':')[2]}", style="dim")
    if fact := _fact(resource):
        label.append(f"  {fact}")
    if resource.get("protect"):
        label.append("  protected", style="yellow")
    return label


def _fact(resource: Mapping[str, Any]) -> str:
    """The one thing about a resource that a person looks for."""
    outputs: Mapping[str, Any] = resource.get("outputs") or {}
    match str(resource["type"]):
        case "digitalocean:index/app:App":
            return _instances((outputs.get("spec") or {}).get("services") or [{}])
        case "cloudflare:index/dnsRecord:DnsRecord":
            return f"{outputs.get('name')}  {outputs.get('type')} → {outputs.get('content')}"
        case "digitalocean:index/uptimeCheck:UptimeCheck":
            return str(outputs.get("target", ""))
        case "digitalocean:index/uptimeAlert:UptimeAlert":
            threshold = outputs.get("threshold")
            limit = f" {threshold:g}" if isinstance(threshold, int | float) and threshold else ""
            return f"{outputs.get('type')}{limit}"
        case "fly:index:Release":
            counts = ", ".join(
                f"{count} in {region}" for region, count in sorted((outputs.get("counts") or {}).items())
            )
            return f"{str(outputs.get('deployedImage', '')).partition('@')[0]}  {counts}"
        case "fly:index:Volume":
            return f"{outputs.get('count'):g} of {outputs.get('sizeGb'):g} GB in {outputs.get('region')}"
        case "fly:index:Address":
            return str(outputs.get("address", ""))
    return ""


def _instances(services: Sequence[Mapping[str, Any]]) -> str:
    service = services[0]
    scaling = service.get("autoscaling")
    count = (
        f"{scaling['minInstanceCount']} to {scaling['maxInstanceCount']}" if scaling else service.get("instanceCount")
    )
    return f"{count} of {service.get('instanceSizeSlug')}"
