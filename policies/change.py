"""What a preview would do to a resource."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Change:
    """One step of a preview, in the engine's words."""

    operation: str
    """`create`, `update`, `replace`, `delete` and so on; `same` where nothing happens."""
    type: str
    urn: str

    @property
    def name(self) -> str:
        """The resource's logical name."""
        return self.urn.rpartition("::")[2]


def changes_of_events(lines: Iterable[str]) -> Iterator[Change]:
    """The steps in what `pulumi preview --json --event-log` or the automation API write, an event a line.

    Raises ValueError for a line that is no JSON, as where a stream was cut off.
    """
    for line in lines:
        if line.strip():
            event = json.loads(line)
            if metadata := event.get("resourcePreEvent", {}).get("metadata"):
                yield Change(operation=metadata["op"], type=metadata["type"], urn=metadata["urn"])
