"""What of a stack holds data, and what of it would not survive the way back to an earlier release."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, Final

HOLDS: Final = {
    "fly:index:Volume": ("app", "name", "region", "sizeGb", "count"),
    "digitalocean:index/databaseCluster:DatabaseCluster": ("name", "engine", "version", "region", "storageSizeMib"),
    "digitalocean:index/databaseDb:DatabaseDb": ("name",),
    "digitalocean:index/spacesBucket:SpacesBucket": ("name", "region"),
}
"""The types that hold data, with the properties that it depends on."""

_GROWS: Final = frozenset({"sizeGb", "count", "storageSizeMib"})
"""More of it keeps the data, less does not."""

Holding = Mapping[str, Mapping[str, Any]]
"""By URN, the properties of what holds data, and its `type`."""


def holding(resources: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """What holds data among the resources of a state."""
    return {
        str(resource["urn"]): {
            "type": resource["type"],
            **{key: resource["outputs"][key] for key in HOLDS[resource["type"]] if key in resource.get("outputs", {})},
        }
        for resource in resources
        if resource["type"] in HOLDS
    }


def newcomers(resources: Iterable[Mapping[str, Any]], known: Iterable[str]) -> list[str]:
    """The URNs of what came after a release with the URNs `known` and must outlive the way back to it.

    That is what holds data or is protected, and what these belong to: their parents, providers and dependencies.
    """
    before = set(known)
    fresh = {str(resource["urn"]): resource for resource in resources if resource["urn"] not in before}
    waiting = [urn for urn, resource in fresh.items() if resource.get("protect") or resource["type"] in HOLDS]
    kept: set[str] = set()
    while waiting:
        urn = waiting.pop()
        if urn in kept or urn not in fresh:
            continue
        kept.add(urn)
        waiting += _needs(fresh[urn])
    return sorted(kept)


def named(resources: Iterable[Mapping[str, Any]], urns: Iterable[str]) -> list[str]:
    """What exists in a cloud among the URNs, as `Volume web-volume`."""
    chosen = set(urns)
    return [
        f"{str(resource['type']).rpartition(':')[2]} {str(resource['urn']).rpartition('::')[2]}"
        for resource in resources
        if resource["urn"] in chosen and resource.get("custom") and not resource["type"].startswith("pulumi:")
    ]


def way_back(resources: Collection[Mapping[str, Any]], then: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    """What a return leaves in place (URNs), and what it would cost. `then` is what `record` noted of the release."""
    stays = newcomers(resources, then["urns"])
    here = holding(resources)
    return stays, losses({urn: here[urn] for urn in here if urn not in stays}, then["holding"])


def losses(now: Holding, then: Holding) -> list[str]:
    """What a return from `now` to `then` would cost, in sentences; nothing when all data stays."""
    return [*_removed(now, then), *_changed(now, then), *_missing(now, then)]


def _removed(now: Holding, then: Holding) -> Iterator[str]:
    for urn in sorted(now.keys() - then.keys()):
        yield f"{_named(urn, now[urn])} came after that release and would be removed with its data"


def _changed(now: Holding, then: Holding) -> Iterator[str]:
    for urn in sorted(now.keys() & then.keys()):
        for key in sorted(now[urn].keys() & then[urn].keys()):
            new, old = now[urn][key], then[urn][key]
            if new == old:
                continue
            if key in _GROWS:
                # DigitalOcean's provider gives sizes as text.
                more, less = float(new), float(old)
                if more > less:
                    yield f"{_named(urn, now[urn])} has {key} {more:g} by now and cannot shrink back to {less:g}"
            elif key == "version":
                yield f"{_named(urn, now[urn])} runs version {new} by now, whose data version {old} cannot read"
            else:
                yield f"{_named(urn, now[urn])} has {key} {new} by now; with {old} it would begin empty"


def _missing(now: Holding, then: Holding) -> Iterator[str]:
    for urn in sorted(then.keys() - now.keys()):
        yield f"{_named(urn, then[urn])} is gone; it would come back empty"


def _named(urn: str, properties: Mapping[str, Any]) -> str:
    kind = str(properties["type"]).rpartition(":")[2]
    return f"{kind} {properties.get('name') or urn.rpartition('::')[2]}"


def _needs(resource: Mapping[str, Any]) -> list[str]:
    """The URNs that a resource cannot be without. A provider is referred to as `URN::id`."""
    provider = str(resource.get("provider") or "").rpartition("::")[0]
    return [urn for urn in (resource.get("parent"), provider, *(resource.get("dependencies") or ())) if urn]
