"""Collects planned resources under their components."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from inventory.resource import Resource
from settings.namespace import NAMESPACE

_UNDERSCORE: Final = re.compile(r"_([a-z0-9])")


class Plan:
    """The resources of one stack."""

    def __init__(self, stack: str) -> None:
        self._stack = stack
        self.resources: list[Resource] = []

    def component(
        self, kind: str, name: str, parent: Resource | None = None, properties: Mapping[str, Any] | None = None
    ) -> Resource:
        """A component of the project, such as `App`."""
        return self._add(f"{NAMESPACE}:index:{kind}", name, parent, properties or {}, protect=False)

    def fly(self, kind: str, name: str, parent: Resource, /, *, protect: bool = False, **properties: Any) -> None:
        """A resource of Fly.io. The keys of its properties stay as they are: fly.toml's own are among them."""
        self._add(f"fly:index:{kind}", name, parent, _without_none(properties), protect=protect)

    def cloud(
        self, provider: str, kind: str, name: str, parent: Resource, /, *, protect: bool = False, **properties: Any
    ) -> None:
        """A resource of DigitalOcean or Cloudflare, its properties as the SDK takes them (snake_case)."""
        token = f"{provider}:index/{kind[0].lower()}{kind[1:]}:{kind}"
        self._add(token, name, parent, _wire(_without_none(properties)), protect=protect)

    def _add(
        self, token: str, name: str, parent: Resource | None, properties: Mapping[str, Any], *, protect: bool
    ) -> Resource:
        above = f"{parent.urn.split('::')[2]}$" if parent else ""
        added = Resource(
            urn=f"urn:pulumi:{self._stack}::{NAMESPACE}::{above}{token}::{name}",
            type=token,
            name=name,
            parent=parent.urn if parent else "",
            properties=properties,
            protect=protect,
        )
        self.resources.append(added)
        return added


def _without_none(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in properties.items() if value is not None}


def _wire(value: Any) -> Any:
    """With the camelCase keys of the wire."""
    if isinstance(value, Mapping):
        # A `value` may be of any type to the SDK, which therefore leaves its keys alone.
        return {_camel(key): item if key == "value" else _wire(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_wire(item) for item in value]
    return value


def _camel(key: str) -> str:
    return _UNDERSCORE.sub(lambda found: found[1].upper(), key)
