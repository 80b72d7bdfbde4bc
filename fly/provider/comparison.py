"""Old against new inputs of a resource."""

from __future__ import annotations

from collections.abc import Iterable

from fly.config.compare import Kind, differences
from fly.errors import Problem
from fly.provider.resource import Difference, root
from fly.provider.values import UNKNOWN, Properties, plain


def compared(olds: Properties, news: Properties, *, replacing: Iterable[str] = ()) -> Difference:
    """Old against new inputs, key by key to the deepest path. A change under a `replacing` key replaces."""
    fixed = set(replacing)
    found: dict[str, Kind] = {}
    for key in sorted({*olds, *news}):
        old, new = plain(olds.get(key)), plain(news.get(key))
        if old is None and new is None:
            continue
        if old is None or new is None:
            found[key] = "add" if old is None else "delete"
        else:
            found.update(differences(key, old, new))
    replaced = tuple(sorted({root(path) for path in found} & fixed))
    return Difference(found, replaced)


def frozen_problem(key: str, old: object, new: object, why: str, way_out: str) -> list[Problem]:
    """A change of something that must never change by itself."""
    if old is None or old == new or UNKNOWN in (old, new):
        return []
    return [Problem(key, new, f"{why} (it is {old!r})", way_out)]
