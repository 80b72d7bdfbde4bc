"""Property paths such as `spec.services[0].envs[*].value`, written as Pulumi writes them."""

from __future__ import annotations

import re
from typing import Any

Path = tuple[str | int, ...]

ANY = "*"
_STEP = re.compile(r"""\.?([A-Za-z_$][^.\[\]]*|\*)|\[(\d+|\*)\]|\["((?:[^"\\]|\\.)*)"\]""")
_PLAIN = re.compile(r"[A-Za-z_$][A-Za-z0-9_$-]*\Z")


def parse(text: str) -> Path:
    """Read a path; `*` stands for any key or index. Raises ValueError with the place that cannot be read."""
    steps: list[str | int] = []
    at = 0
    while at < len(text):
        match = _STEP.match(text, at)
        if match is None:
            raise ValueError(f"{text!r} is not a property path: nothing readable at {text[at:]!r}")
        name, index, quoted = match.groups()
        if name is not None:
            steps.append(name)
        elif quoted is not None:
            steps.append(re.sub(r"\\(.)", r"\1", quoted))
        else:
            steps.append(ANY if index == ANY else int(index))
        at = match.end()
    return tuple(steps)


def show(path: Path) -> str:
    """Write a path as Pulumi does."""
    text = ""
    for step in path:
        if isinstance(step, int) or step == ANY:
            text += f"[{step}]"
        elif _PLAIN.match(step):
            text += f".{step}" if text else step
        else:
            escaped = step.replace("\\", "\\\\").replace('"', '\\"')
            text += f'["{escaped}"]'
    return text


def covers(pattern: Path, path: Path) -> bool:
    """True when `path` is what the pattern names, or lies below it."""
    return len(pattern) <= len(path) and all(want in (ANY, step) for want, step in zip(pattern, path, strict=False))


def names(pattern: Path, path: Path) -> bool:
    """True when the pattern names exactly this path."""
    return len(pattern) == len(path) and covers(pattern, path)


def expand(pattern: Path, value: Any) -> list[Path]:
    """The paths of `value` that exist and that the pattern names."""
    found: list[tuple[Path, Any]] = [((), value)]
    for want in pattern:
        found = [
            ((*path, step), child) for path, holder in found for step, child in _children(holder) if want in (ANY, step)
        ]
    return [path for path, _ in found]


def lookup(value: Any, path: Path, default: Any = None) -> Any:
    """The value at a path, or the default where the path leads nowhere."""
    for step in path:
        found = step in value if isinstance(value, dict) else isinstance(value, list) and step in range(len(value))
        if not found:
            return default
        value = value[step]
    return value


def assign(value: Any, path: Path, new: Any) -> None:
    """Set the value at a path, in place. The holder must exist; an index may be one past the end of its list."""
    holder, last = _holder(value, path)
    if isinstance(holder, dict) and isinstance(last, str):
        holder[last] = new
    elif isinstance(holder, list) and isinstance(last, int) and last <= len(holder):
        holder[last : last + 1] = [new]
    else:
        raise KeyError(f"{show(path)}: there is nothing at {show(path[:-1]) or 'the top'} that could hold it")


def remove(value: Any, path: Path) -> None:
    """Delete what is at a path, in place. Raises KeyError where there is nothing."""
    holder, last = _holder(value, path)
    nothing = object()
    if not path or lookup(holder, (last,), nothing) is nothing:
        raise KeyError(f"{show(path)}: there is nothing to delete")
    del holder[last]


def _holder(value: Any, path: Path) -> tuple[Any, str | int]:
    return (lookup(value, path[:-1]), path[-1]) if path else (None, "")


def _children(holder: Any) -> list[tuple[str | int, Any]]:
    if isinstance(holder, dict):
        return list(holder.items())
    if isinstance(holder, list):
        return list(enumerate(holder))
    return []
