"""What a preview would do to a resource."""

from __future__ import annotations

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
