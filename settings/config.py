"""Takes this project's values out of the engine's config."""

from __future__ import annotations

from typing import Any, Final, Protocol

KEYS: Final = ("environment", "systems", "policies", "secrets")
"""The keys of a stack file, without namespace."""


class ConfigReader(Protocol):
    """What `pulumi.Config` offers and the settings need."""

    def get(self, key: str) -> str | None: ...

    def get_object(self, key: str) -> Any: ...


def values(config: ConfigReader) -> dict[str, Any]:
    """Every key that is set, secrets decrypted."""
    found = {key: config.get(key) if key == "environment" else config.get_object(key) for key in KEYS}
    return {key: value for key, value in found.items() if value is not None}
