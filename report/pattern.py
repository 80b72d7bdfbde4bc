"""Patterns over paths of properties: `config.vm.*.memory`, where `*` is one part and a last `**` is all that follow."""

from __future__ import annotations

from report.difference import Path


def match(pattern: str, path: Path) -> tuple[str, ...] | None:
    """The parts that stood for each `*`, or None where `path` does not match. `**` also stands for nothing."""
    wanted = pattern.split(".") if pattern else []
    open_ended = wanted[-1:] == ["**"]
    if open_ended:
        wanted.pop()
    if len(path) < len(wanted) or (len(path) > len(wanted) and not open_ended):
        return None
    pairs = list(zip(wanted, path, strict=False))
    if any(part not in ("*", given) for part, given in pairs):
        return None
    return tuple(given for part, given in pairs if part == "*")


def engine_path(text: str) -> Path:
    """The parts of a path in the engine's notation, such as `rules[0].expression` or `env["A.B"]`."""
    parts: list[str] = []
    rest = text
    while rest:
        if rest.startswith('["'):
            part, _, rest = rest[2:].partition('"]')
        elif rest.startswith("["):
            part, _, rest = rest[1:].partition("]")
        else:
            rest = rest.removeprefix(".")
            end = min((rest.index(mark) for mark in ".[" if mark in rest), default=len(rest))
            part, rest = rest[:end], rest[end:]
        parts.append(part)
    return tuple(parts)
