"""Reads `systems/<name>.yaml` with what it extends, and lays a stack's own words over it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from pathlib import Path as FilePath
from typing import Final

from settings.document import Document
from settings.explain import kind_of
from settings.problem import Path, Position, Problem, SettingsError, did_you_mean, shown
from settings.read import read

FOLDER: Final = "systems"
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
"""What can be a file here; the model says more strictly what is a good name."""


@dataclass
class Systems:
    """The systems of a stack, merged, and what could not be read."""

    document: Document
    problems: list[Problem] = field(default_factory=list)
    unread: list[Path] = field(default_factory=list)


def with_systems(root: FilePath, stack: Document) -> Systems:
    """The stack's settings with every system's file below what the stack says about it."""
    overlays = stack.at(FOLDER)
    if FOLDER not in stack.value or not isinstance(overlays.value, dict):
        return Systems(stack, list(stack.problems), [problem.path for problem in stack.problems])
    known = {problem.path for problem in stack.problems}
    found = Systems(stack, list(stack.problems), list(known))
    merged: dict[str, object] = {}
    positions = {path: place for path, place in stack.positions.items() if len(path) < 3 or path[0] != FOLDER}
    for name, value in overlays.value.items():
        place = overlays.position((name,))
        if (FOLDER, name) in known:
            continue
        if not isinstance(value, dict):
            rule = f"must be a map of keys, not {kind_of(value)}"
            found.problems.append(Problem(place, (FOLDER, name), rule, "{} takes the system's file as it is"))
            found.unread.append((FOLDER, name))
            continue
        try:
            system = _read_system(root, name, place, (FOLDER, name), ()).merged(overlays.at(name))
        except SettingsError as error:
            found.problems += error.problems
            found.unread.append((FOLDER, name))
            continue
        merged[name] = system.value
        positions |= {(FOLDER, name, *path): at for path, at in system.positions.items()}
        for problem in system.problems:
            path = (FOLDER, name, *problem.path)
            found.problems.append(replace(problem, path=path))
            found.unread.append(path)
    found.document = Document({**stack.value, FOLDER: merged}, positions)
    return found


def _read_system(root: FilePath, name: str, asked_at: Position, asked_by: Path, chain: tuple[str, ...]) -> Document:
    """A system file over what it extends. `asked_at` and `asked_by` are where its name stands."""
    if name in chain:
        way = " → ".join((*chain[chain.index(name) :], name))
        raise SettingsError([Problem(asked_at, asked_by, f"systems extend each other in a circle: {way}", "break it")])
    shown_as = f"{FOLDER}/{name}.yaml"
    file = root / shown_as
    if not _NAME.fullmatch(name) or not file.is_file():
        known = [entry.stem for entry in (root / FOLDER).glob("*.yaml") if entry.stem not in chain]
        rule = f"there is no system file {shown_as if _NAME.fullmatch(name) else f'for {shown(name)}'}"
        raise SettingsError([Problem(asked_at, asked_by, rule, did_you_mean(name, known) or "create it")])
    document = read(file, shown_as)
    start = document.position(())
    if document.value is None:
        raise SettingsError(
            [Problem(start, (), "the file is empty", "describe a system in it, see docs/configuration.md")]
        )
    if not isinstance(document.value, dict):
        rule = f"a system file must be a map of keys, not {kind_of(document.value)}"
        raise SettingsError([Problem(start, (), rule, "see docs/configuration.md")])
    base = document.value.get("extends")
    if base is None:
        return document.without("extends")
    place = document.position(("extends",))
    if not isinstance(base, str):
        rule = f"must be the name of one system, not {kind_of(base)}"
        raise SettingsError([Problem(place, ("extends",), rule, "name the one system to extend")])
    below = _read_system(root, base, place, ("extends",), (*chain, name))
    return below.merged(document.without("extends"))
