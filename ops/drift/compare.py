"""Settings, state and live, side by side, for every property in which two of them differ."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from ops.drift.changes import WHOLE, Change

Kind = Literal["drift", "pending", "both"]


@dataclass(frozen=True)
class Difference:
    """One property, by its path. That is empty where the resource as a whole is there or not.

    drift     what runs is not as it was deployed: somebody changed it elsewhere
    pending   the settings are not deployed yet
    both      the two at once
    """

    system: str
    resource: str
    type: str
    path: str
    settings: Any
    state: Any
    live: Any

    @property
    def kind(self) -> Kind:
        """Which of the three is alone."""
        if self.live == self.state:
            return "pending"
        return "drift" if self.settings == self.state else "both"

    @property
    def drifted(self) -> bool:
        """Whether what runs is not as it was deployed."""
        return self.kind != "pending"

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        told = asdict(self)
        return {"kind": self.kind, **{"property" if key == "path" else key: value for key, value in told.items()}}


def differences(plans: Iterable[Change], lives: Iterable[Change], system_of: Mapping[str, str]) -> list[Difference]:
    """By resource and property, in a steady order. `system_of` names the system of each resource, by URN."""
    planned = {(change.resource, change.path): change for change in plans}
    live = {(change.resource, change.path): change for change in lives}
    found = []
    for key in sorted(planned.keys() | live.keys()):
        wish, fact = planned.get(key), live.get(key)
        state = fact.before if fact else wish.before if wish else None
        type_, name = _named(key[0])
        found.append(
            Difference(
                system=system_of.get(key[0], ""),
                resource=name,
                type=type_,
                path=key[1],
                settings=wish.after if wish else state,
                state=state,
                live=fact.after if fact else state,
            )
        )
    return [one for one in found if not (one.settings == one.state == one.live)]


def systems_by_resource(resources: Iterable[Mapping[str, Any]], systems: Iterable[str]) -> dict[str, str]:
    """The system of each resource of a state: the one whose component is at the top of its parents."""
    parents = {str(entry["urn"]): str(entry.get("parent", "")) for entry in resources}
    known = set(systems)
    found = {}
    for urn in parents:
        at = urn
        while at and not (_named(at)[0] == "slipway:index:System" and _named(at)[1] in known):
            at = parents.get(at, "")
        found[urn] = _named(at)[1] if at else ""
    return found


def _named(urn: str) -> tuple[str, str]:
    """Type and name in a URN; other labels are names without a type."""
    parts = urn.split("::")
    return (parts[2].rpartition("$")[2], parts[-1]) if len(parts) > 2 else ("", urn)


def shown(difference: Difference) -> tuple[str, str, str]:
    """Settings, state and live as a person reads them."""
    if difference.path == WHOLE:
        words = (
            "there" if value else "not there" for value in (difference.settings, difference.state, difference.live)
        )
    else:
        words = (
            "—" if value is None else str(value) for value in (difference.settings, difference.state, difference.live)
        )
    settings, state, live = words
    return settings, state, live
