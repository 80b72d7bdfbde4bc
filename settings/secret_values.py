"""The values of secrets, from the engine and the environment: which are wrong, missing, or needed by nobody."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import SecretStr

from settings import secret
from settings.document import Document
from settings.problem import Path, Position, Problem, did_you_mean
from settings.validate import Validation

Pair = tuple[str, str]
"""(system, secret)"""


def from_environment(validation: Validation) -> dict[Pair, SecretStr]:
    """The secrets that environment variables hold; they go before those of the stack's config and of AWS."""
    pairs = [(system, name) for system, name, _ in _needed(validation)]
    for system, settings in validation.settings.systems.items() if validation.settings else ():
        pairs += [(system, name) for name in settings.aws_secrets]
    return {
        pair: SecretStr(os.environ[variable])
        for pair in pairs
        if (variable := secret.environment_name(*pair)) in os.environ
    }


def from_engine(given: Any) -> dict[Pair, SecretStr]:
    """The secrets as the engine decrypts them; what is not text is taken as JSON, null as no value."""
    return {
        (system, name): SecretStr(value if isinstance(value, str) else json.dumps(value))
        for system, group in (given.items() if isinstance(given, dict) else ())
        for name, value in (group.items() if isinstance(group, dict) else ())
        if value is not None
    }


def check_file(stack: str, document: Document) -> Iterator[Problem]:
    """What is wrong with the secrets as the stack file has them: each must be encrypted by itself."""
    if document.value is None or document.value == {}:
        return
    if not isinstance(document.value, dict) or "secure" in document.value:
        yield _not_by_itself(stack, document.position(()), ("secrets",))
        return
    for system, group in document.value.items():
        place = document.position((system,))
        if not isinstance(group, dict) or "secure" in group:
            yield _not_by_itself(stack, place, ("secrets", system))
            continue
        for name, value in group.items():
            if not (isinstance(value, dict) and list(value) == ["secure"] and isinstance(value["secure"], str)):
                command = secret.set_command(stack, system, name)
                way_out = f"change it at its source, then run: {command}"
                position = document.position((system, name))
                yield Problem(position, ("secrets", system, name), "a secret in plain text", way_out)


def _not_by_itself(stack: str, position: Position, path: Path) -> Problem:
    command = secret.set_command(stack, "SYSTEM", "NAME")
    return Problem(position, path, "must be a map in which each secret is encrypted by itself", f"run: {command}")


def check_values(values: Mapping[Pair, SecretStr], from_outside: Mapping[Pair, Any], places: Document) -> list[Problem]:
    """Objections to the values. Those `from_outside` are placed at their environment variable."""
    return [
        Problem(
            Position(f"${secret.environment_name(*pair)}", 1, 1) if pair in from_outside else places.position(pair),
            ("secrets", *pair),
            rule,
            way_out,
        )
        for pair, value in values.items()
        for rule, way_out in (*secret.objections(value), *secret.objections_by_name(pair[1], value))
    ]


def check_names(document: Document, validation: Validation) -> Iterator[Problem]:
    """Secrets of systems that are not there, and secrets that no part of their system uses."""
    systems = validation.settings.systems if validation.settings else {}
    for system, group in document.value.items() if isinstance(document.value, dict) else ():
        if not isinstance(group, dict) or "secure" in group or not validation.untouched(("systems", system)):
            continue
        if system not in systems:
            hint = did_you_mean(system, systems)
            yield Problem(document.position((system,)), ("secrets", system), f"no system {system} in this stack", hint)
            continue
        needed = systems[system].secret_names
        for name in group:
            if name not in needed:
                place = document.position((system, name))
                hint = did_you_mean(name, needed) or "remove it"
                yield Problem(place, ("secrets", system, name), "no part of the system uses it", hint)


def missing(validation: Validation, given: Mapping[Pair, Any] | set[Pair]) -> tuple[Pair, ...]:
    """The secrets without value, by system and name. Those that only a stand-in asks for do not count."""
    return tuple(
        (system, name)
        for system, name, path in _needed(validation)
        if (system, name) not in given and validation.trusts(("systems", system, *path))
    )


def _needed(validation: Validation) -> Iterator[tuple[str, str, Path]]:
    for system, settings in validation.settings.systems.items() if validation.settings else ():
        for name, path in sorted(settings.needed_secrets.items()):
            yield system, name, path
