"""What makes a release: the program, its settings and its secrets, put aside as they were, so that it can be had again.

The engine runs in such a folder for the deployment itself and for every return to it, so both are the same `up`; and
what is edited meanwhile, or lies in the checkout when a cut deployment is resumed, plays no part.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

from ops.engine import Engine
from ops.surroundings import Surroundings
from planning.app import NAME_LIMIT, app_name
from planning.naming import physical_name
from settings.fly_system import FlySystem
from settings.secret import environment_name
from settings.stack import NAMESPACE, Stack

KEPT: Final = 10
"""So many earlier releases can be returned to."""

_PARTS: Final = (
    "Pulumi.yaml",
    "__main__.py",
    "components",
    "edge",
    "fly",
    "images",
    "planning",
    "settings",
    "systems",
    "workers",
)
_LEFT_OUT: Final = shutil.ignore_patterns("node_modules", "tests", "*.pyc.*")
_SECRETS: Final = "secrets.yaml"
_VALUES: Final = f"{NAMESPACE}:values"
_ENCRYPTION: Final = ("encryptionsalt", "encryptedkey", "secretsprovider")


@dataclass(frozen=True)
class Release:
    """A release's folder: a project that the engine can run in."""

    number: int
    folder: Path
    stack: str

    @property
    def stack_file(self) -> Path:
        return self.folder / f"Pulumi.{self.stack}.yaml"

    def engine(self, surroundings: Surroundings) -> Engine:
        """The engine on this release, with the secrets that it had."""
        environment = {**surroundings.environment, "PYTHONPATH": str(self.folder)}
        engine = Engine(self.folder, self.stack, environment)
        values: dict[str, str] = json.loads(engine.decrypt(self.folder / _SECRETS, _VALUES))
        # One that the release did not have would be taken from today's environment otherwise.
        others = {name for name in environment if name.startswith("SLIPWAY_SECRET_")} - values.keys()
        kept = {name: value for name, value in environment.items() if name not in others}
        return Engine(self.folder, self.stack, {**kept, **values})

    def pin(self, stack: Stack, images: Mapping[str, str]) -> None:
        """From now on it names its images by what they turned out to be: a tag may move, a build may differ.

        `images` are the pinned references by app on Fly.io.
        """
        document = yaml.safe_load(self.stack_file.read_text(encoding="utf-8"))
        systems: dict[str, Any] = document["config"][f"{NAMESPACE}:systems"]
        for name, system in stack.systems.items():
            if not isinstance(system, FlySystem):
                continue
            differences = systems[name] = systems[name] or {}
            for part, app in fly_apps(system, stack.environment).items():
                if app in images:
                    wanted = differences.setdefault(part, {})
                    wanted |= {"image": images[app]} | ({"build": None} if part == "app" and system.app.build else {})
        _write(self.stack_file, yaml.safe_dump(document, sort_keys=False))


class Releases:
    """The releases in a stack's records."""

    def __init__(self, records: Path, stack: str) -> None:
        self._folder = records / "releases"
        self._stack = stack

    def release(self, number: int) -> Release:
        """One release, put aside or not."""
        return Release(number, self._folder / str(number), self._stack)

    def there(self, number: int) -> bool:
        """Whether it was put aside and not dropped since."""
        return self.release(number).folder.is_dir()

    def put_aside(self, number: int, surroundings: Surroundings) -> Release:
        """Copy what the engine runs, in one piece or not at all. The secrets' values are encrypted as the stack's."""
        made = self.release(number)
        draft = self._folder / f".{number}"
        for stale in (draft, made.folder):
            shutil.rmtree(stale, ignore_errors=True)
        draft.mkdir(parents=True, mode=0o700)
        for part in _PARTS:
            source = surroundings.root / part
            if source.is_dir():
                shutil.copytree(source, draft / part, ignore=_LEFT_OUT)
            elif source.exists():
                shutil.copy2(source, draft / part)
        venv = surroundings.root / ".venv"
        if venv.exists():
            (draft / ".venv").symlink_to(os.path.realpath(venv))
        stack_file = surroundings.config_file or surroundings.root / made.stack_file.name
        content = stack_file.read_text(encoding="utf-8")
        _write(draft / made.stack_file.name, content)
        encryption = {key: value for key, value in yaml.safe_load(content).items() if key in _ENCRYPTION}
        _write(draft / _SECRETS, yaml.safe_dump(encryption))
        values = json.dumps(_given(surroundings))
        Engine(draft, self._stack, surroundings.environment).encrypt(draft / _SECRETS, _VALUES, values)
        draft.rename(made.folder)
        return made

    def drop_all_but(self, numbers: Collection[int]) -> None:
        """Remove the others."""
        for folder in self._folder.iterdir() if self._folder.exists() else ():
            if folder.name not in {str(number) for number in numbers}:
                shutil.rmtree(folder, ignore_errors=True)


def fly_apps(system: FlySystem, environment: str) -> dict[str, str]:
    """The apps of a system on Fly.io by the part of the system that each is: `app`, `redis` …"""
    parts = {role: physical_name(name, environment, limit=NAME_LIMIT) for role, name in system.part_names.items()}
    return {"app": app_name(system.app, environment), **parts}


def _given(surroundings: Surroundings) -> dict[str, str]:
    """The secrets that the environment gives, by variable. Those in the stack file are encrypted in it already."""
    wanted = {
        environment_name(name, secret)
        for name, system in surroundings.stack.systems.items()
        for secret in system.secret_names | system.aws_secrets.keys()
    }
    return {name: value for name, value in surroundings.environment.items() if name in wanted}


def _write(file: Path, text: str) -> None:
    """For its owner only, and never half written."""
    draft = file.with_name(f".{file.name}.new")
    draft.touch(mode=0o600)
    draft.write_text(text, encoding="utf-8")
    draft.replace(file)
