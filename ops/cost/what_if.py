"""Settings to try out: `paintbox:app.machines.memory_mb=4096`, laid over a stack before it is validated."""

from __future__ import annotations

import typing
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from ops.errors import OperationError
from ops.exit_code import ExitCode
from settings.document import Document
from settings.model import Settings
from settings.problem import Path, Position, SettingsError, did_you_mean, nearest
from settings.read import parse
from settings.system import System

_SOURCE: Final = "--what-if"
_ANY: Final = "*"
"""In a pattern: a name that the settings' author chose, such as a check's."""

_SHOWN: Final = 3
"""How many paths are suggested at the most."""


@dataclass(frozen=True)
class Wish:
    """One setting to change: `system` is empty where it was not named."""

    text: str
    system: str
    path: tuple[str, ...]
    value: Document


def overlay(wishes: Sequence[str], systems: Mapping[str, System], only: str | None) -> Document:
    """What to lay over the stack. Raises OperationError with all that is wrong about the wishes themselves.

    A wish is for the system that it names, or `only`, or the one system of the stack that has such a setting.
    """
    problems: list[str] = []
    whole = Document({}, {})
    for number, text in enumerate(wishes, 1):
        try:
            wish = _read(text, number, only)
            system = _owner(wish, systems)
        except OperationError as error:
            problems.append(str(error))
            continue
        whole = whole.merged(_placed(wish, ("systems", system, *wish.path), number))
    if problems:
        raise OperationError("\n".join(problems), ExitCode.USAGE)
    return whole


def _read(text: str, number: int, only: str | None) -> Wish:
    place, equals, value = text.partition("=")
    system, colon, path = place.rpartition(":")
    parts = tuple(path.strip().split("."))
    if not equals or not all(parts) or (colon and not system):
        message = f"{text!r} is no setting with a value; write it as in app.machines.memory_mb=4096"
        raise OperationError(message, ExitCode.USAGE)
    try:
        document = parse(value, f"{_SOURCE} {number}")
    except SettingsError as error:
        raise OperationError(f"{text}: the value is not valid YAML: {error.problems[0].rule}", ExitCode.USAGE) from None
    return Wish(text, system.strip() or only or "", parts, document)


def _owner(wish: Wish, systems: Mapping[str, System]) -> str:
    """The system that the wish is for."""
    if wish.system and wish.system not in systems:
        message = f"{wish.text}: {wish.system} is no system of the stack; {did_you_mean(wish.system, systems)}"
        raise OperationError(message, ExitCode.USAGE)
    asked = {wish.system: systems[wish.system]} if wish.system else systems
    found = [name for name, system in asked.items() if _has(system, wish.path)]
    path = ".".join(wish.path)
    if not found:
        message = f"{wish.text}: there is no setting {path}; {_meant(wish.path, asked)}"
        raise OperationError(message, ExitCode.USAGE)
    if len(found) > 1:
        named = " or ".join(f"{name}:{path}" for name in found)
        message = f"{wish.text}: {' and '.join(found)} have {path}; name the system: {named}"
        raise OperationError(message, ExitCode.USAGE)
    return found[0]


def _placed(wish: Wish, path: Path, number: int) -> Document:
    """The wish as a part of a stack's settings."""
    value: Any = wish.value.value
    for part in reversed(path):
        value = {part: value}
    here = Position(_SOURCE, number, 1)
    positions: dict[Path, Position] = {path[:length]: here for length in range(len(path) + 1)}
    return Document(value, positions | {(*path, *inner): here for inner in wish.value.positions}, wish.value.problems)


def _settable(model: type[Settings], around: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The path of every setting below a model, lists as a whole, with `*` for names of the author's own."""
    for name, field in model.model_fields.items():
        yield (*around, name)
        yield from _inside(field.annotation, (*around, name))


def _inside(annotation: Any, path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    if isinstance(annotation, type) and issubclass(annotation, Settings):
        yield from _settable(annotation, path)
        return
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is dict:
        yield (*path, _ANY)
        yield from _inside(arguments[1], (*path, _ANY))
    elif origin is not tuple:
        for argument in arguments:
            yield from _inside(argument, path)


def _has(system: System, path: tuple[str, ...]) -> bool:
    return any(_fits(path, known) for known in _settable(type(system)))


def _fits(path: tuple[str, ...], known: tuple[str, ...]) -> bool:
    return len(path) == len(known) and all(wanted in (part, _ANY) for part, wanted in zip(path, known, strict=True))


def _meant(path: tuple[str, ...], systems: Mapping[str, System]) -> str:
    """The paths that end as this one does and are longer, or else those that look like it.

    Where several systems have such a path, each is named with its system, so that it can be taken as it stands.
    """
    owners: dict[tuple[str, ...], list[str]] = {}
    for name, system in systems.items():
        for known in sorted(set(_settable(type(system)))):
            if _ANY not in known:
                owners.setdefault(known, []).append(name)
    spelled = {".".join(known): known for known in owners}
    near = nearest(".".join(path), spelled)
    leaf = nearest(path[-1], {known[-1] for known in owners})
    meant = (
        [known for known in owners if known[-1] == path[-1] and set(path) <= set(known)]
        or [spelled[near] for near in (near,) if near]
        or [known for known in owners if known[-1] == leaf]
    )
    named = [
        ".".join(known) if len(owners[known]) == 1 else f"{name}:{'.'.join(known)}"
        for known in sorted(meant, key=lambda known: (len(known), known))[:_SHOWN]
        for name in owners[known]
    ]
    return f"did you mean {' or '.join(named)}?" if named else "docs/configuration.md lists all settings"
