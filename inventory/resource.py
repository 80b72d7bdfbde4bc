"""A resource as the engine knows it, whoever says so: a preview, a policy pack, an exported state."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from inventory.marks import SECRET, SIGNATURE, UNKNOWNS
from inventory.unknown import UNKNOWN

_HIDDEN: Final = "[secret]"


@dataclass(frozen=True, kw_only=True)
class Resource:
    """One resource or component. `properties` have the wire's camelCase keys, and UNKNOWN where nothing is known."""

    urn: str
    type: str
    name: str
    parent: str = ""
    """The URN of its parent."""
    properties: Mapping[str, Any] = field(default_factory=dict)
    protect: bool = False


def of_state(deployment: Mapping[str, Any]) -> Iterator[Resource]:
    """The resources of a deployment as `pulumi stack export` gives it (`{"resources": [...]}`), without those that wait
    for their deletion. Secret values are UNKNOWN."""
    for state in deployment.get("resources") or ():
        if not state.get("delete"):
            yield of_step(state)


def of_step(state: Mapping[str, Any]) -> Resource:
    """The resource of a state (`urn`, `type`, `parent`, `inputs`, `outputs`, `protect`), as in an exported deployment
    or in `metadata.new` of an engine event. Outputs count more than inputs, as they tell what is there."""
    return Resource(
        urn=state["urn"],
        type=state["type"],
        name=state["urn"].rpartition("::")[2],
        parent=state.get("parent") or "",
        properties=decoded({**(state.get("inputs") or {}), **(state.get("outputs") or {})}),
        protect=bool(state.get("protect")),
    )


def decoded(value: Any) -> Any:
    """A property value with UNKNOWN for what is unknown, and for what is secret even where it stands there in plain
    text: what nobody has read nobody can tell."""
    if isinstance(value, str):
        return UNKNOWN if value in UNKNOWNS or value == _HIDDEN else value
    if isinstance(value, Mapping):
        if value.get(SIGNATURE) == SECRET:
            return UNKNOWN
        return {key: decoded(item) for key, item in value.items()}
    if isinstance(value, Sequence):
        return [decoded(item) for item in value]
    return value
