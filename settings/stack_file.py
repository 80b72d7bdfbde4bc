"""Reads `Pulumi.<stack>.yaml`: this project's keys, the places of them, and what does not belong there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path as FilePath
from typing import Any, Final

from settings.config import KEYS
from settings.document import Document
from settings.explain import kind_of
from settings.problem import Path, Position, Problem, SettingsError, did_you_mean, dotted, nearest
from settings.read import read
from settings.stack import NAMESPACE

_TOP_KEYS: Final = ("config", "encryptedkey", "encryptionsalt", "environment", "secretsprovider")
"""What Pulumi itself reads in a stack file (sdk/go/common/workspace, ProjectStack, v3.259.0)."""


def stack_names(root: FilePath) -> list[str]:
    """The stacks that have a file at `root`."""
    return sorted(file.name.removeprefix("Pulumi.").removesuffix(".yaml") for file in root.glob("Pulumi.*.yaml"))


def read_stack(root: FilePath, stack: str, file: FilePath) -> tuple[Document, list[Problem]]:
    """The keys of this project, without namespace, and the problems found on the way.

    Raises SettingsError when there is no file, or nothing to be read in it.
    """
    shown_as = file.name
    if not file.exists():
        known = stack_names(root)
        rule = f'there is no stack file for "{stack}"'
        raise SettingsError([Problem(Position(shown_as, 1, 1), (), rule, did_you_mean(stack, known) or "create it")])
    whole = read(file, shown_as)
    for path in ((), ("config",)):
        value = whole.at(*path).value
        if not isinstance(value, dict):
            what = kind_of(value) if value is not None else "empty"
            raise SettingsError(
                [Problem(whole.position(path), path, f"must be a map of keys, not {what}", "see docs/configuration.md")]
            )
    problems = [
        Problem(whole.position((key,)), (key,), f"unknown key {dotted((key,))}", did_you_mean(key, _TOP_KEYS))
        for key in whole.value
        if key not in _TOP_KEYS
    ]
    config = whole.at("config")
    own: dict[str, Any] = {}
    positions: dict[Path, Position] = {(): config.position(())}
    problems += _foreign(config)
    for key in KEYS:
        if (full := f"{NAMESPACE}:{key}") in config.value:
            part = config.at(full)
            own[key] = part.value
            positions |= {(key, *path): place for path, place in part.positions.items()}
    return Document(own, positions, tuple(_named(problem) for problem in whole.problems)), problems


def _named(problem: Problem) -> Problem:
    """The problem with a path as the settings have it: without `config`, and the key without namespace."""
    prefix = f"{NAMESPACE}:"
    match problem.path:
        case ("config", str(key), *rest) if key.startswith(prefix):
            return replace(problem, path=(key.removeprefix(prefix), *rest))
    return problem


def _foreign(config: Document) -> Iterator[Problem]:
    """Keys that are nobody's."""
    full = [f"{NAMESPACE}:{name}" for name in KEYS]
    for key in config.value:
        namespace, colon, name = key.rpartition(":")
        if key not in full and (namespace == NAMESPACE or not colon):
            near = nearest(name, KEYS)
            way_out = f'did you mean "{NAMESPACE}:{near}"?' if near else f"known here: {', '.join(full)}"
            rule = f"unknown key {dotted((key,))}"
            yield Problem(config.position((key,)), ("config", key), rule, way_out)


def as_the_engine_gives(document: Document, config: Mapping[str, Any]) -> Document:
    """The engine's values, secrets decrypted, in the places that the file has for them."""
    return replace(document, value={key: config[key] for key in KEYS if config.get(key) is not None})
