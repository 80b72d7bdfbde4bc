"""Resources with their components: who belongs to whom."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from inventory.resource import Resource

SYSTEM = "slipway:index:System"


class Family:
    """The resources of a stack by URN, and the ways from one to another."""

    def __init__(self, resources: Iterable[Resource]) -> None:
        self._by_urn = {resource.urn: resource for resource in resources}

    def of(self, *types: str) -> Iterator[Resource]:
        """The resources of some types, by name."""
        found = (resource for resource in self._by_urn.values() if resource.type in types)
        return iter(sorted(found, key=lambda resource: resource.name))

    def parent(self, resource: Resource) -> Resource | None:
        """What it belongs to."""
        return self._by_urn.get(resource.parent)

    def system(self, resource: Resource) -> str | None:
        """The name of the system that it belongs to."""
        found: Resource | None = resource
        while found:
            if found.type == SYSTEM:
                return found.name
            found = self.parent(found)
        return None

    def siblings(self, resource: Resource, *types: str) -> list[Resource]:
        """The resources of some types with the same parent, by name."""
        return [found for found in self.of(*types) if found.parent == resource.parent]
