"""Reads a stack and its systems, merges them, and either returns a valid Stack or raises with every problem found."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path as FilePath
from typing import Any

from pydantic import SecretStr

from settings import aws_secrets, secret_values
from settings.document import Document
from settings.problem import Problem, SettingsError
from settings.secret import set_command
from settings.secret_values import Pair
from settings.stack import Stack
from settings.stack_file import as_the_engine_gives, read_stack, stack_names
from settings.system_file import with_systems
from settings.validate import validate
from settings.volume_before import VolumeBefore
from settings.volume_losses import check_volumes

__all__ = ["load", "stack_names"]


def load(
    root: FilePath,
    stack: str,
    *,
    config: Mapping[str, Any] | None = None,
    stack_file: FilePath | None = None,
    volumes: Mapping[str, Mapping[str, VolumeBefore]] | None = None,
    over: Document | None = None,
) -> Stack:
    """The stack `stack` of the project at `root`.

    `config` holds the values as the engine gives them, secrets decrypted, by key without namespace; without it they are
    read from the stack file, where secrets are only seen to be there. `stack_file` is read in place of
    `Pulumi.<stack>.yaml`. `volumes` are those that the stack has already, by system and part. `over` is laid over the
    stack file (`{"systems": {...}}`), to try something out. Raises SettingsError with every problem of all files.
    """
    document, problems = read_stack(root, stack, stack_file or root / f"Pulumi.{stack}.yaml")
    on_file = document.at("secrets")
    problems += secret_values.check_file(stack, on_file)
    if config is not None:
        document = as_the_engine_gives(document, config)
    given = document.at("secrets")
    if over is not None:
        document = document.merged(over)
    systems = with_systems(root, document.without("secrets"))
    verdict = validate(systems.document, systems.unread)
    problems += [*systems.problems, *verdict.problems, *secret_values.check_names(given, verdict)]
    problems += check_volumes(verdict, systems.document, volumes or {})

    values: dict[Pair, SecretStr] = {}
    if config is None:
        missing = secret_values.missing(verdict, set(secret_values.from_engine(given.value)))
    else:
        from_outside = secret_values.from_environment(verdict)
        values = secret_values.from_engine(given.value) | from_outside
        if verdict.settings and not problems:
            from_aws, refused = aws_secrets.read(verdict.settings, from_outside, systems.document)
            values |= from_aws
            problems += refused
        problems += secret_values.check_values(values, from_outside, given)
        missing = secret_values.missing(verdict, values)
        problems += [
            Problem(
                given.position(()),
                ("secrets", system, name),
                "the secret has no value",
                f"run: {set_command(stack, system, name)}",
            )
            for system, name in missing
        ]
    if problems or verdict.settings is None:
        raise SettingsError(problems)
    by_system: dict[str, dict[str, SecretStr]] = {}
    for (system, name), value in values.items():
        by_system.setdefault(system, {})[name] = value
    settings = verdict.settings
    return Stack(stack, settings.environment, settings.systems, by_system, missing, settings.policies)
