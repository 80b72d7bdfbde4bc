"""A stack's resources as a tree, children under their components."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
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
    kind = str(resource["type"]).rpartition(":")[2]
    if kind == "App":
        services = (outputs.get("spec") or {}).get("services") or [{}]
        service = services[0]
        scaling = service.get("autoscaling") or {}
        count = (
            service.get("instanceCount") or f"{scaling.get('minInstanceCount')} to {scaling.get('maxInstanceCount')}"
        )
        return f"{count} of {service.get('instanceSizeSlug')}"
    if kind == "DnsRecord":
        return f"{outputs.get('type')} → {outputs.get('content')}"
    if kind == "UptimeCheck":
        return str(outputs.get("target", ""))
    if kind == "UptimeAlert":
        threshold = outputs.get("threshold")
        return f"{outputs.get('type')}" + (
            f" {threshold:g}" if isinstance(threshold, int | float) and threshold else ""
        )
    return ""
