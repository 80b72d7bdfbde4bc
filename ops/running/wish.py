"""How much somebody wants to run, held against the settings' own rules, and where the settings say something else."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ops.errors import OperationError
from ops.exit_code import ExitCode
from settings.document import Document
from settings.fly_system import FlySystem
from settings.load import load
from settings.problem import SettingsError
from settings.stack_file import read_stack
from settings.system import System
from settings.system_file import with_systems


@dataclass(frozen=True)
class ScaleWish:
    """What `scale` was asked for. `size` is the platform's name of one; memory is a part of it on App Platform."""

    count: int | None = None
    size: str | None = None
    memory_mb: int | None = None


def settings_of(wish: ScaleWish, system: System) -> dict[str, Any]:
    """The settings of the system's app that say the same. Raises OperationError for what its platform cannot do."""
    if wish == ScaleWish():
        raise OperationError("say what to change: --count, --size or --memory", ExitCode.USAGE)
    if isinstance(system, FlySystem):
        machines: dict[str, Any] = {"size": wish.size, "memory_mb": wish.memory_mb, "maximum": wish.count}
        if system.app.machines.when_idle == "keep":
            machines["minimum"] = wish.count
        return {"machines": {key: value for key, value in machines.items() if value is not None}}
    if wish.memory_mb:
        message = "App Platform sells memory with the size; choose a --size, such as apps-s-1vcpu-2gb"
        raise OperationError(message, ExitCode.USAGE)
    if wish.count and system.app.autoscaling:
        message = "App Platform chooses the count itself; change app.autoscaling in the settings and deploy"
        raise OperationError(message, ExitCode.USAGE)
    return {key: value for key, value in (("replicas", wish.count), ("size", wish.size)) if value is not None}


def require_valid(root: Path, stack: str, name: str, app: dict[str, Any]) -> None:
    """Raises OperationError with every rule that settings of this app would break."""
    over = Document({"systems": {name: {"app": app}}})
    try:
        load(root, stack, over=over)
    except SettingsError as error:
        # What is tried out stands in no file.
        message = f"the settings would not allow it:\n{error}".replace(f"{Document({}).position(())}: ", "")
        raise OperationError(message, ExitCode.SETTINGS) from None


def lines_to_change(root: Path, stack: str, name: str, app: dict[str, Any]) -> list[str]:
    """Where the settings say otherwise: `systems/paintbox.yaml, line 12: maximum is 6`."""
    document = with_systems(root, read_stack(root, stack, root / f"Pulumi.{stack}.yaml")[0].without("secrets")).document
    found = []
    for path, value in _leaves(("systems", name, "app"), app):
        now = document.at(*path).value
        if now != value:
            place = document.position(path)
            said = f"{path[-1]} is {now}" if path in document.positions else f"{path[-1]} is not set"
            found.append(f"{place.file}, line {place.line}: {said}; write {path[-1]}: {value}")
    return found


def _leaves(path: tuple[str, ...], value: Any) -> list[tuple[tuple[str, ...], Any]]:
    if isinstance(value, dict):
        return [leaf for key, item in value.items() for leaf in _leaves((*path, key), item)]
    return [(path, value)]
