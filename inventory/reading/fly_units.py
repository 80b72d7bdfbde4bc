"""Sizes and times as fly.toml writes them."""

from __future__ import annotations

import re
from typing import Any, Final

from inventory.reading.properties import Key, at
from inventory.unknown import UNKNOWN, Unknown

_TIME: Final = re.compile(r"([0-9]+(?:\.[0-9]+)?)(ms|s|m|h)")
_SECONDS: Final = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}
_SIZE: Final = re.compile(r"([0-9]+) ?(gb|mb)?")
_MB: Final = {"gb": 1024, "mb": 1, None: 1}


def seconds(value: Any, *path: Key) -> float | Unknown | None:
    """`"1m30s"` → 90.0; None where there is no such text."""
    found = at(value, *path)
    if isinstance(found, Unknown):
        return UNKNOWN
    parts = _TIME.findall(found) if isinstance(found, str) else []
    return sum(float(count) * _SECONDS[unit] for count, unit in parts) if parts else None


def seconds_or(default: float, value: Any, *path: Key) -> float | Unknown:
    """The same, with what Fly.io takes where nothing is said."""
    found = seconds(value, *path)
    return default if found is None else found


def megabytes(value: Any, *path: Key) -> int | Unknown | None:
    """`"2gb"` → 2048; a bare number is in MB."""
    found = at(value, *path)
    if found is None or isinstance(found, Unknown):
        return found
    parts = _SIZE.fullmatch(str(found).lower())
    return int(parts[1]) * _MB[parts[2]] if parts else None


def gigabytes(value: Any, *path: Key) -> int | Unknown | None:
    """`"8gb"` → 8; a bare number is in GB."""
    found = at(value, *path)
    if found is None or isinstance(found, Unknown):
        return found
    parts = _SIZE.fullmatch(str(found).lower())
    return int(parts[1]) if parts else None
