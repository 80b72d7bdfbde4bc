"""Reads a stack and its systems, merges them, and either returns a valid Stack or raises with every problem found."""

from __future__ import annotations

import copy
import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path as FilePath
from typing import Any

from pydantic import BaseModel, SecretStr, ValidationError
from pydantic_core import ErrorDetails

from settings import secret
from settings.document import Document, read
from settings.explain import explain, path_of
from settings.problem import Path, Position, Problem, SettingsError, did_you_mean
from settings.schema import settings_schema
from settings.stack import NAMESPACE, Stack, StackSettings
from settings.stand_in import NoStandIn, stand_in

_KEYS = ("environment", "systems", "secrets")


def load(
    root: FilePath, stack: str, *, config: Mapping[str, Any] | None = None, stack_file: FilePath | None = None
) -> Stack:
    """The stack `stack` of the project at `root`.

    `config` holds the values as the engine gives them, secrets decrypted, by key without namespace; without it they are
    read from the stack file, where secrets are only seen to be there. `stack_file` is read in place of
    `Pulumi.<stack>.yaml`. Raises SettingsError with every problem of all files.
    """
    return _Loader(root, stack, config, stack_file).load()


def stack_names(root: FilePath) -> list[str]:
    """The stacks that have a file at `root`."""
    return sorted(file.name.removeprefix("Pulumi.").removesuffix(".yaml") for file in root.glob("Pulumi.*.yaml"))


class _Loader:
    def __init__(
        self, root: FilePath, stack: str, config: Mapping[str, Any] | None, stack_file: FilePath | None
    ) -> None:
        self.root, self.stack, self.config = root, stack, config
        self.file = stack_file or root / f"Pulumi.{stack}.yaml"
        self.problems: list[Problem] = []

    def load(self) -> Stack:
        document = self._stack_document()
        document = self._with_systems(document)
        raw_secrets = document.at("secrets")
        plain = Document(
            {key: value for key, value in document.value.items() if key != "secrets"},
            {path: place for path, place in document.positions.items() if path[:1] != ("secrets",)},
        )
        settings = self._validated(plain)
        if settings and self.config is not None:
            raw_secrets = raw_secrets.merged(_from_environment(settings))
        values = self._secret_values(raw_secrets)
        missing = self._compare_secrets(settings, raw_secrets, values) if settings else ()
        if self.config is not None:
            self.problems += [
                Problem(
                    raw_secrets.position(()),
                    ("secrets", system, name),
                    "the secret has no value",
                    f"run: {secret.set_command(self.stack, system, name)}",
                )
                for system, name in missing
            ]
        if self.problems or settings is None:
            raise SettingsError(self.problems)
        return Stack(self.stack, settings.environment, settings.systems, values, missing)

    def _stack_document(self) -> Document:
        """The keys of this project, without namespace; from the engine where it gave them, placed by the file."""
        shown_as = self.file.name
        if not self.file.exists():
            known = stack_names(self.root)
            way_out = did_you_mean(self.stack, known) or f"create it, or see which stacks exist: {', '.join(known)}"
            raise SettingsError(
                [Problem(Position(shown_as, 1, 1), (), f'there is no stack file for "{self.stack}"', way_out)]
            )
        whole = read(self.file, shown_as)
        config = whole.at("config")
        value: dict[str, Any] = {}
        positions: dict[Path, Position] = {(): whole.position(("config",))}
        for key in config.value if isinstance(config.value, dict) else ():
            namespace, _, name = key.partition(":")
            if namespace != NAMESPACE:
                continue
            if name not in _KEYS:
                self._refuse(config.position((key,)), ("config", key), f"unknown key {key}", did_you_mean(name, _KEYS))
                continue
            part = config.at(key)
            value[name] = part.value
            positions |= {(name, *path): place for path, place in part.positions.items()}
        if self.config is not None:
            value = {key: self.config[key] for key in _KEYS if self.config.get(key) is not None}
        return Document(value, positions)

    def _with_systems(self, stack: Document) -> Document:
        overlays = stack.at("systems")
        if not isinstance(overlays.value, dict):
            return stack
        merged: dict[str, Any] = {}
        positions = {path: place for path, place in stack.positions.items() if len(path) < 2 or path[0] != "systems"}
        for name in overlays.value:
            overlay = overlays.at(name)
            if overlay.value is None:
                overlay = Document({}, overlay.positions)
            try:
                system = self._system(name, overlays.position((name,))).merged(overlay)
            except SettingsError as error:
                self.problems += error.problems
                continue
            merged[name] = system.value
            positions |= {("systems", name, *path): place for path, place in system.positions.items()}
        return Document({**stack.value, "systems": merged}, positions)

    def _system(self, name: str, asked_at: Position, chain: tuple[str, ...] = ()) -> Document:
        """A system file with what it extends underneath."""
        folder = self.root / "systems"
        if name in chain:
            way = " → ".join((*chain, name))
            raise SettingsError(
                [Problem(asked_at, ("extends",), f"systems extend each other in a circle: {way}", "break it")]
            )
        file = folder / f"{name}.yaml"
        if not file.is_file() or "/" in name:
            known = [entry.stem for entry in folder.glob("*.yaml")]
            rule = f"there is no system file systems/{name}.yaml"
            raise SettingsError([Problem(asked_at, ("systems", name), rule, did_you_mean(name, known) or "create it")])
        document = read(file, f"systems/{name}.yaml")
        if not isinstance(document.value, dict):
            raise SettingsError(
                [Problem(document.position(()), (), "a system file must be a map of keys", "see systems/tetrix.yaml")]
            )
        base = document.value.get("extends")
        if base is None:
            return document
        place = document.position(("extends",))
        if not isinstance(base, str):
            raise SettingsError(
                [Problem(place, ("extends",), "must be the name of one system", "name the system to extend")]
            )
        own = Document(
            {key: value for key, value in document.value.items() if key != "extends"},
            {path: at for path, at in document.positions.items() if path[:1] != ("extends",)},
        )
        return self._system(base, place, (*chain, name)).merged(own)

    def _validated(self, document: Document) -> StackSettings | None:
        """The model, or None. Wrong values get a stand-in, so that the rules between the others are checked as well."""
        raw = copy.deepcopy(document.value)
        replaced: set[Path] = set()
        while True:
            try:
                settings = StackSettings.model_validate_json(json.dumps(raw))
                break
            except ValidationError as error:
                found = [(path_of(raw, details), details) for details in error.errors()]
                if not replaced:
                    self._report(document, found)
                if not all(_mend(raw, path, details["type"]) for path, details in found):
                    return None
                paths = {path for path, _ in found}
                if paths <= replaced:
                    return None
                replaced |= paths
        for path, broken in _rules(settings, ()):
            whole = (*path, *broken.path)
            if not any(whole == part[: len(whole)] or part == whole[: len(part)] for part in replaced):
                self._refuse(document.position(whole), whole, broken.rule, broken.way_out)
        return settings

    def _report(self, document: Document, found: list[tuple[Path, ErrorDetails]]) -> None:
        for path, details in found:
            rule, way_out = explain(path, details, StackSettings)
            self._refuse(document.position(path), path, rule, way_out)

    def _secret_values(self, document: Document) -> dict[str, dict[str, SecretStr]]:
        """Decrypted values by system and name. From the file alone there are none, but plain text in it is refused."""
        on_file = self._stack_file_secrets()
        values: dict[str, dict[str, SecretStr]] = {}
        for system, group in (document.value if isinstance(document.value, dict) else {}).items():
            if not isinstance(group, dict):
                self._refuse(document.position((system,)), ("secrets", system), "must be a map of secrets by name", "")
                continue
            for name, value in group.items():
                path = ("secrets", system, name)
                place = document.position((system, name))
                if isinstance(on_file.get((system, name)), str):
                    command = secret.set_command(self.stack, system, name)
                    self._refuse(place, path, "a secret in plain text", f"change it at its source, then run: {command}")
                elif self.config is not None:
                    hidden = SecretStr(value if isinstance(value, str) else json.dumps(value))
                    values.setdefault(system, {})[name] = hidden
                    for rule, way_out in secret.objections(hidden):
                        self._refuse(place, path, rule, way_out)
        return values

    def _stack_file_secrets(self) -> dict[tuple[str, str], Any]:
        raw = read(self.file, self.file.name).at("config", f"{NAMESPACE}:secrets").value
        groups = raw.items() if isinstance(raw, dict) else ()
        return {
            (system, name): value
            for system, group in groups
            if isinstance(group, dict) and "secure" not in group
            for name, value in group.items()
        }

    def _compare_secrets(
        self, settings: StackSettings, document: Document, values: Mapping[str, Mapping[str, SecretStr]]
    ) -> tuple[tuple[str, str], ...]:
        """The (system, name) pairs without value. Values that nothing asks for are problems."""
        given = document.value if isinstance(document.value, dict) else {}
        for system, group in given.items():
            if system not in settings.systems:
                hint = did_you_mean(system, settings.systems)
                self._refuse(
                    document.position((system,)), ("secrets", system), f"no system {system} in this stack", hint
                )
                continue
            for name in group if isinstance(group, dict) else ():
                needed = settings.systems[system].secret_names
                if name not in needed:
                    hint = did_you_mean(name, needed)
                    self._refuse(
                        document.position((system, name)),
                        ("secrets", system, name),
                        "no part of the system uses it",
                        hint,
                    )
        return tuple(
            (name, needed)
            for name, system in settings.systems.items()
            for needed in sorted(system.secret_names)
            if needed not in (given.get(name) or {})
        )

    def _refuse(self, position: Position, path: Path, rule: str, way_out: str) -> None:
        self.problems.append(Problem(position, path, rule, way_out))


def _from_environment(settings: StackSettings) -> Document:
    """The secrets that environment variables hold; they go before those of the stack's config."""
    value: dict[str, dict[str, str]] = {}
    positions: dict[Path, Position] = {}
    for system, parts in settings.systems.items():
        for name in parts.secret_names:
            variable = secret.environment_name(system, name)
            if variable in os.environ:
                value.setdefault(system, {})[name] = os.environ[variable]
                positions[system, name] = Position(f"${variable}", 1, 1)
    return Document(value, positions)


def _mend(raw: Any, path: Path, kind: str) -> bool:
    """Replace the wrong value at `path` of `raw` by a valid one, or remove it where nothing must stand there."""
    if not path:
        return False
    holder = raw
    for part in path[:-1]:
        holder = holder[part]
    if kind == "extra_forbidden" or "[key]" in path:
        del holder[path[-1]]
        return True
    try:
        holder[path[-1]] = stand_in(settings_schema(), raw, path)
    except NoStandIn:
        return False
    return True


def _rules(value: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    """Every broken rule of every model inside `value`, with the path of the model."""
    if isinstance(value, BaseModel):
        if hasattr(value, "broken"):
            yield from ((path, broken) for broken in value.broken())
        for name in type(value).model_fields:
            yield from _rules(getattr(value, name), (*path, name))
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _rules(item, (*path, key))
    elif isinstance(value, tuple):
        for index, item in enumerate(value):
            yield from _rules(item, (*path, index))
