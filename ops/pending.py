"""Finds what a create that was cut off has made after all: in the emulated clouds by its inputs."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from sandbox.client import Client

Finder = Callable[[Mapping[str, Any], Collection[object]], str]
"""Takes a resource as the engine's state has it, and the ids that the state knows already. Gives the id of the live
resource that was made, `""` for none. Raises OperationError where it cannot tell."""


def emulated(client: Client) -> Finder:
    """Looks into the emulated clouds, where everything can be listed."""

    def find(resource: Mapping[str, Any], known: Collection[object]) -> str:
        return _made(client, resource, known)

    return find


def _made(client: Client, resource: Mapping[str, Any], known: Collection[object]) -> str:
    """The one that the state does not know and that has the plain inputs that were sent."""
    sent = {key: value for key, value in (resource.get("inputs") or {}).items() if isinstance(value, str | int | bool)}
    name = (resource.get("inputs") or {}).get("spec", {}).get("name")
    for entry in client.resources(_kind(str(resource["type"]))).popitem()[1]:
        properties = entry["properties"]
        same_name = name is None or properties.get("spec", {}).get("name") == name
        if entry["id"] not in known and same_name and all(properties.get(key) == value for key, value in sent.items()):
            return str(entry["id"]).rpartition("/")[2]
    return ""


def _kind(token: str) -> str:
    """`digitalocean:index/app:App` → `digitalocean/app`, as the emulated cloud files it."""
    package, module, _ = token.split(":")
    return f"{package}/{module.rpartition('/')[2]}"
