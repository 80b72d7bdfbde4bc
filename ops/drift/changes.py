"""What one run of the engine would change, from its events: by resource and property, before and after."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from ops.drift.paths import value_at

WHOLE: Final = ""
"""The path of a resource as a whole: it is there, or it is not."""

_THERE, _GONE = "there", None
_LIVE: Final = ("resOutputsEvent",)
_PLANNED: Final = ("resourcePreEvent",)
_MAKES: Final = frozenset({"create", "import"})
_OF_THE_ENGINE: Final = ("pulumi:providers:", "pulumi:pulumi:")


@dataclass(frozen=True)
class Change:
    """One property that differs. `resource` is its URN."""

    resource: str
    path: str
    before: Any
    after: Any


def found_live(events: Iterable[Mapping[str, Any]]) -> Iterator[Change]:
    """From a refresh that changes nothing: the state before, what runs after."""
    for metadata in _steps(events, _LIVE):
        if metadata["op"] == "delete" or metadata.get("new") is None:
            yield Change(metadata["urn"], WHOLE, _THERE, _GONE)
        elif metadata["op"] == "update":
            yield from _properties(metadata, "outputs")


def planned(events: Iterable[Mapping[str, Any]]) -> Iterator[Change]:
    """From a preview: the state before, what the settings say after."""
    for metadata in _steps(events, _PLANNED):
        if metadata["op"] in _MAKES:
            yield Change(metadata["urn"], WHOLE, _GONE, _THERE)
        elif metadata["op"] == "delete":
            yield Change(metadata["urn"], WHOLE, _THERE, _GONE)
        elif metadata["op"] in ("update", "replace"):
            yield from _properties(metadata, "inputs")


def made(events: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """From a preview: the resources that are not there yet, as a state would have them."""
    return (metadata["new"] for metadata in _steps(events, _PLANNED) if metadata["op"] in _MAKES)


def _steps(events: Iterable[Mapping[str, Any]], kinds: tuple[str, ...]) -> Iterator[Mapping[str, Any]]:
    for event in events:
        for kind in kinds:
            metadata = (event.get(kind) or {}).get("metadata")
            if metadata and not str(metadata["type"]).startswith(_OF_THE_ENGINE):
                yield metadata


def _properties(metadata: Mapping[str, Any], usual: str) -> Iterator[Change]:
    """The properties that the provider names, where it says that they differ: in what went in, or in what came out."""
    details = metadata.get("detailedDiff") or {}
    for path in details or metadata.get("diffs") or ():
        among = "inputs" if (details.get(path) or {}).get("inputDiff") else usual
        old, new = ((metadata.get(side) or {}).get(among) or {} for side in ("old", "new"))
        yield Change(metadata["urn"], path, value_at(old, path), value_at(new, path))
