"""Texts that are secret by their name or by their type: they can be compared, and are never shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from report.secrecy import MASK, names_secret
from report.values import Value

_VALUES: Final = frozenset({"text", "value"})
"""The keys under which lists of variables and bindings hold what their `key` or `name` says."""


@dataclass(frozen=True)
class Sealed:
    """A secret text. Two are equal when their texts are."""

    _text: str = field(repr=False)

    def __str__(self) -> str:
        return MASK


def sealed(value: Value, name: str = "") -> Value:
    """The value with every secret text in it sealed, that of `name` itself, too."""
    if isinstance(value, Mapping):
        named = str(value.get("key") or value.get("name") or "")
        secret = "SECRET" in str(value.get("type", "")).upper() or names_secret(named)
        return {
            key: Sealed(item) if secret and key in _VALUES and isinstance(item, str) else sealed(item, key)
            for key, item in value.items()
        }
    if isinstance(value, list):
        return [sealed(item, name) for item in value]
    return Sealed(value) if isinstance(value, str) and names_secret(name) else value
