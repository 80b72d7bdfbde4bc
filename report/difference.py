"""What differs between two values, item by item: lists are matched by what names their items, not by position."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from report.values import Mark, Value

Path = tuple[str, ...]

ORDER: Final = "(order)"
"""The last part of a path that says that the same items come in another order."""

_NAMING: Final = ("ref", "key", "name", "componentName", "rule", "path")
"""What may name the items of a list: a ruleset's rules, environment variables, domains, alerts, checks."""


@dataclass(frozen=True)
class Difference:
    """A place where two values differ. One that was added was Mark.ABSENT before."""

    path: Path
    old: Value
    new: Value


def differences(old: Value, new: Value, path: Path = ()) -> Iterator[Difference]:
    """The smallest places in which `new` differs from `old`, in the order of their paths."""
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for name in sorted(old.keys() | new.keys()):
            yield from differences(old.get(name, Mark.ABSENT), new.get(name, Mark.ABSENT), (*path, name))
    elif isinstance(old, list) and isinstance(new, list):
        yield from _lists(old, new, path)
    elif old != new or isinstance(old, bool) != isinstance(new, bool):
        yield Difference(path, old, new)


def _lists(old: list[Any], new: list[Any], path: Path) -> Iterator[Difference]:
    if key := _named_by(old, new):
        was, will = ({str(item[key]): item for item in items} for items in (old, new))
        yield from differences(was, will, path)
        kept, now = [name for name in was if name in will], [name for name in will if name in was]
        if kept != now:
            yield Difference((*path, ORDER), kept, now)
    elif _plain(old) and _plain(new):
        if old != new:
            yield Difference(path, old, new)
    else:
        for index in range(max(len(old), len(new))):
            before, after = (items[index] if index < len(items) else Mark.ABSENT for items in (old, new))
            yield from differences(before, after, (*path, str(index)))


def _named_by(*lists: Sequence[Any]) -> str | None:
    """The key by which the items of all these lists can be told apart."""
    if not all(isinstance(item, Mapping) for items in lists for item in items):
        return None
    for key in _NAMING:
        named = [[item.get(key) for item in items] for items in lists]
        if all(isinstance(name, str) for names in named for name in names) and all(
            len(set(names)) == len(names) for names in named
        ):
            return key
    return None


def _plain(items: Sequence[Any]) -> bool:
    return not any(isinstance(item, Mapping | list) for item in items)
