"""Keeps what is there before a deployment: configurations as files, volumes as snapshots."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from fly.commands.releases import show_config
from fly.commands.snapshots import create_snapshot
from fly.errors import FlyError, NotFound
from fly.facts import Facts
from ops.clouds.digitalocean import DigitalOcean
from ops.clouds.errors import NotThere
from ops.deployment.release import fly_apps
from ops.errors import OperationError
from ops.exit_code import ExitCode
from ops.surroundings import Surroundings
from settings.digitalocean_system import DigitalOceanSystem
from settings.fly_system import FlySystem

FOLDER: Final = "before"
"""The folder in a release where they lie."""


@dataclass(frozen=True)
class Kept:
    """What was kept: a line for people, and by app the files and snapshots."""

    said: str
    facts: Mapping[str, Any]


def keep(surroundings: Surroundings, release: Path) -> Kept:
    """Keep everything of the stack that is deployed. Raises OperationError when something cannot be kept."""
    folder = release / FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    apps = [
        (app, part == "redis" or (part == "app" and system.app.volume is not None))
        for system in surroundings.stack.systems.values()
        if isinstance(system, FlySystem)
        for part, app in fly_apps(system, surroundings.stack.environment).items()
    ]
    try:
        facts = asyncio.run(_fly(surroundings, apps, folder))
    except FlyError as error:
        raise OperationError(f"what is deployed cannot be kept: {error}", ExitCode.ENGINE) from error
    facts |= _specs(surroundings, folder)
    count = sum(len(found["snapshots"]) for found in facts.values())
    said = f"{len(facts)} configurations, {count} volume snapshots" if facts else "nothing is deployed yet"
    return Kept(said, facts)


def _specs(surroundings: Surroundings, folder: Path) -> dict[str, Any]:
    """The specs of the apps on App Platform as the API takes them back; secrets in them are encrypted by it."""
    found = {}
    for system in surroundings.stack.systems.values():
        if isinstance(system, DigitalOceanSystem):
            name = surroundings.app_name(system)
            try:
                spec = DigitalOcean(surroundings.environment).app_named(name).spec
            except NotThere:
                continue
            found[name] = {"file": _kept(folder / f"{name}.spec.json", json.dumps(spec, indent=1)), "snapshots": []}
    return found


async def _fly(surroundings: Surroundings, apps: list[tuple[str, bool]], folder: Path) -> dict[str, Any]:
    found = {}
    with surroundings.fly() as facts:
        for app, has_volumes in apps:
            try:
                machines = [machine for machine in await facts.machines(app) if machine.serves]
            except NotFound:
                continue
            if machines:
                snapshots = await _snapshots(facts, app) if has_volumes else []
                found[app] = {"file": await _configuration(facts, app, folder), "snapshots": snapshots}
    return found


async def _configuration(facts: Facts, app: str, folder: Path) -> str:
    """The name of the file that holds the app's fly.toml, as flyctl shows it: JSON with the same keys."""
    return _kept(folder / f"{app}.fly.json", (await facts.ask(show_config(app))).stdout)


def _kept(file: Path, text: str) -> str:
    """The name of the file, once it holds the text, for its owner only."""
    file.touch(mode=0o600)
    file.write_text(text, encoding="utf-8")
    return file.name


async def _snapshots(facts: Facts, app: str) -> list[str]:
    """Snapshots of the app's volumes; the ids of the volumes that have a new one."""
    volumes = await facts.volumes(app)
    for volume in volumes:
        await facts.do(create_snapshot(app, volume.id))
    return [volume.id for volume in volumes]
