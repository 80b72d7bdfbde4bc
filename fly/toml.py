"""fly.toml as bytes: the same settings always give the same file, whatever order they came in."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from fly.config import FlyConfig

_FREE_NAMES = {"env", "processes", "headers", "checks"}
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")


def render(app: str, config: FlyConfig) -> str:
    """The fly.toml of an app. Keys come in the model's order, free names (env, headers) sorted."""
    return "".join(f"{line}\n" for line in _table([], {"app": app, **config.as_dict()})).lstrip("\n")


def _table(path: list[str], table: Mapping[str, Any], *, named: bool = True) -> list[str]:
    keys = sorted(table) if named and path and path[-1] in _FREE_NAMES else list(table)
    lines = [f"{_key(key)} = {_value(table[key])}" for key in keys if not _is_nested(table[key])]
    for key in keys:
        value = table[key]
        if not _is_nested(value):
            continue
        name = ".".join(_key(part) for part in [*path, key])
        if isinstance(value, Mapping):
            inner = _table([*path, key], value)
            lines += ["", f"[{name}]", *inner] if inner and inner[0] else inner
        else:
            for item in value:
                lines += ["", f"[[{name}]]", *_table([*path, key], item, named=False)]
    return lines


def _is_nested(value: object) -> bool:
    if isinstance(value, Mapping):
        return True
    return isinstance(value, list) and bool(value) and isinstance(value[0], Mapping)


def _key(key: str) -> str:
    return key if _BARE_KEY.fullmatch(key) else _string(key)


def _value(value: object) -> str:
    match value:
        case bool():
            return str(value).lower()
        case int() | float():
            return repr(value)
        case str():
            return _string(value)
        case list():
            return f"[{', '.join(_value(item) for item in value)}]"
    raise TypeError(f"{type(value).__name__} has no place in fly.toml")


def _string(value: str) -> str:
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
