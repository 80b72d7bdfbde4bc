"""Checks merged settings against the models, and goes on behind wrong values, so that all problems come at once."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ValidationError

from settings.document import Document
from settings.explain import Finding, explain, finding, is_echo
from settings.model import Settings
from settings.problem import Broken, Path, Problem
from settings.stack import StackSettings
from settings.stand_in import NoStandInError, stand_in


@dataclass(frozen=True)
class Validation:
    """What came of it. `settings` holds stand-ins at the `mended` paths, and is None where none could be found."""

    settings: StackSettings | None
    problems: tuple[Problem, ...]
    mended: frozenset[Path]

    def trusts(self, path: Path) -> bool:
        """Whether neither the value at `path` nor anything around it is a stand-in."""
        return not any(path[:length] in self.mended for length in range(len(path) + 1))

    def untouched(self, path: Path) -> bool:
        """Whether, beyond that, nothing inside the value is a stand-in."""
        return self.trusts(path) and not _around(path, self.mended)


def validate(document: Document, unread: Iterable[Path] = ()) -> Validation:
    """Check a stack's settings with all systems merged in. What stands at `unread` paths is known to be wrong."""
    raw = copy.deepcopy(document.value)
    problems: list[Problem] = []
    mended: set[Path] = set()
    known = set(unread)
    first = True
    while True:
        try:
            settings = StackSettings.model_validate_json(json.dumps(raw))
            break
        except ValidationError as error:
            found = [item for item in (finding(raw, details) for details in error.errors()) if not is_echo(item)]
        if unset := [item for item in found if _says_unset(item)]:
            for item in unset:
                _remove(raw, item.path)
            continue
        if first:
            # Later ones are about stand-ins, not about what is written.
            problems += _problems(document, raw, (item for item in found if not _around(item.path, known)))
            first = False
        fresh = sorted((item for item in found if item.path not in mended), key=lambda item: -len(item.path))
        unmended = [item for item in fresh if not _mend(raw, item)]
        if unmended or not fresh:
            return Validation(None, tuple(problems), frozenset(mended | known))
        mended |= {item.path for item in fresh}
    verdict = Validation(settings, (), frozenset(mended | known))
    problems += [
        Problem(document.position(path), path, broken.rule, broken.way_out)
        for around, broken in broken_rules(settings)
        if verdict.untouched(path := (*around, *broken.path))
        and all(verdict.trusts((*around, *compared)) for compared in broken.compared)
    ]
    return Validation(settings, tuple(problems), frozenset(mended | known))


def _around(path: Path, others: Iterable[Path]) -> bool:
    return any(other[: len(path)] == path for other in others)


def _problems(document: Document, raw: Any, found: Iterable[Finding]) -> Iterator[Problem]:
    # Only wrong settings need the schema, which takes longer than all the rest.
    from settings.schema import settings_schema

    for item in found:
        rule, way_out = explain(item, settings_schema(), raw)
        yield Problem(document.position(item.path), item.path, rule, way_out)


def _says_unset(found: Finding) -> bool:
    """Whether it is about a null where the model has no use for one: that takes a key of a map away."""
    is_item = bool(found.path) and isinstance(found.path[-1], int)
    return found.value is None and found.kind != "extra_forbidden" and not found.about_key and not is_item


def _remove(raw: Any, path: Path) -> None:
    for part in path[:-1]:
        raw = raw[part]
    raw.pop(path[-1], None)


def _mend(raw: Any, found: Finding) -> bool:
    """Replace the wrong value in `raw` by a valid one, or remove it where nothing must stand there."""
    from settings.schema import settings_schema

    if not found.path:
        return False
    if found.about_key or found.kind == "extra_forbidden":
        _remove(raw, found.path)
        return True
    holder = raw
    for part in found.path[:-1]:
        holder = holder[part]
    try:
        holder[found.path[-1]] = stand_in(settings_schema(), raw, found.path)
    except NoStandInError:
        return False
    return True


def broken_rules(value: Any, path: Path = ()) -> Iterator[tuple[Path, Broken]]:
    """Every broken rule of every model inside `value`, with the path of the model."""
    if isinstance(value, Settings):
        yield from ((path, broken) for broken in value.broken())
    if isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from broken_rules(getattr(value, name), (*path, name))
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from broken_rules(item, (*path, key))
    elif isinstance(value, tuple):
        for index, item in enumerate(value):
            yield from broken_rules(item, (*path, index))
