"""`volume list | extend | destroy`: the volumes of a system, larger ones, and the end of one that nothing uses."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Coroutine, Iterator
from typing import Any, TypeVar

from fly.commands.volumes import extend_volume
from fly.errors import FlyError
from fly.facts import Facts
from fly.models.volume import Volume
from ops.backup.places import LEASE, shelf_of, volumes_of, with_volumes
from ops.backup.scratch import remove_volume
from ops.deployment.release import fly_apps
from ops.errors import OperationError
from ops.exit_code import ExitCode
from ops.journal import Journal
from ops.lease import Lease
from ops.running.wish import lines_to_change
from ops.surroundings import Surroundings
from settings.fly_system import FlySystem
from settings.problem import did_you_mean
from settings.volume_of import VolumeOf

Answer = TypeVar("Answer")

LARGEST_GB = 500
"""fly.io/docs/volumes/overview, 2026-08."""


def list_volumes(there: Surroundings, only: str | None, *, as_json: bool) -> Iterator[str]:
    """Every volume of the systems on Fly.io, and which machine has it."""
    told = []
    for name, system in there.systems(only).items():
        if isinstance(system, FlySystem):
            for app, volume in _volumes(there, system):
                told.append({"system": name, "app": app, **volume.model_dump()})
    if as_json:
        yield json.dumps(told, indent=1)
        return
    for one in told:
        used = f"machine {one['attached_machine_id']}" if one["attached_machine_id"] else "no machine has it"
        yield f"{one['system']}  {one['app']}  {one['id']}  {one['name']}  {one['size_gb']} GB  {one['region']}  {used}"
    if not told:
        yield "there is no volume"


def extend(there: Surroundings, name: str | None, size_gb: int, part: str, *, yes: bool) -> Iterator[str]:
    """Make the volumes of one part of a system larger while it runs. Raises OperationError; never shrinks."""
    name, system = _system(there, name)
    wanted = system.volumes.get(part)
    if wanted is None:
        message = f"{part} is no part of {name} with a volume; {did_you_mean(part, system.volumes)}"
        raise OperationError(message, ExitCode.USAGE)
    if size_gb > LARGEST_GB:
        raise OperationError(f"{size_gb} GB is more than the {LARGEST_GB} GB that a volume can have", ExitCode.USAGE)
    app = fly_apps(system, there.stack.environment)[part]
    label = system.app.volume.name if part == "app" and system.app.volume else None
    found = [
        volume
        for at, volume in _volumes(there, system)
        if at == app and volume.attached_machine_id and label in (None, volume.name)
    ]
    if not found:
        message = f"no machine of {app} has a volume; deploy it first, or see: ./slipway volume list {there.options}"
        raise OperationError(message, ExitCode.USAGE)
    larger = [volume for volume in found if volume.size_gb > size_gb]
    if larger:
        message = f"volume {larger[0].id} has {larger[0].size_gb} GB and cannot shrink to {size_gb} GB"
        raise OperationError(f"{message}; name a larger size, or restore into a new volume", ExitCode.REFUSED)
    smaller = [volume for volume in found if volume.size_gb < size_gb]
    if not smaller:
        yield f"{name}: every volume of {app} has {size_gb} GB already"
    for volume in smaller:
        what = f"volume {volume.id} of {app} from {volume.size_gb} to {size_gb} GB"
        if yes:
            with Lease(Journal(there.records).file).held(f"extend {volume.id}"):
                _extended(there, app, volume.id, size_gb)
        yield f"{name}: extended {what}" if yes else f"{name}: would extend {what}, for good: a volume cannot shrink"
    if wanted.size_gb < size_gb:
        yield f"so that the settings agree, change them: {_line(there, name, wanted, size_gb)}"
    if smaller and not yes:
        yield "to do it, add: --yes"


def destroy(there: Surroundings, name: str | None, id_: str, *, without_backup: bool, yes: bool) -> Iterator[str]:
    """Remove a volume that no machine has and whose files are in a whole backup. Raises OperationError for any other.

    `without_backup`: also one of which there is none, such as a spare one or one that holds logs.
    """
    name, system = _system(there, name)
    volumes = {volume.id: (app, volume) for app, volume in _volumes(there, system)}
    if id_ not in volumes:
        message = f"{id_} is no volume of {name}; {did_you_mean(id_, volumes)}"
        raise OperationError(message, ExitCode.USAGE)
    app, volume = volumes[id_]
    if volume.attached_machine_id:
        message = f"volume {id_} is in use by machine {volume.attached_machine_id} of {app}"
        raise OperationError(f"{message}; it can go once the app runs on another one", ExitCode.REFUSED)
    kept = _kept(there, name, id_, asked=not without_backup)
    what = f"volume {id_} of {app} with {volume.size_gb} GB; {kept}"
    if not yes:
        yield f"{name}: would destroy {what}"
        yield "to do it, add: --yes"
        return
    with Lease(there.records / LEASE).held(f"destroy {id_}"):
        _asked(there, lambda facts: remove_volume(facts, app, id_))
    yield f"{name}: destroyed {what}"


def _kept(there: Surroundings, name: str, id_: str, *, asked: bool) -> str:
    """Where a volume's files are kept, in words. Raises OperationError where they are not, and that was `asked`."""
    shelf = shelf_of(there, name)
    less: list[str] = []
    for manifest, kept, problems in shelf.having(id_):
        if problems:
            less.append(f"{manifest.id} is not whole: {problems[0]}")
        elif kept.archive is None:
            # Fly.io promises its snapshots for some days only.
            less.append(f"{manifest.id} has a snapshot at Fly.io alone, {kept.snapshot}")
        else:
            at = manifest.at.strftime("%Y-%m-%d %H:%M UTC")
            return f"backup {manifest.id} has its files as of {at}, and what was written later goes"
    but = f" ({'; '.join(less)})" if less else ""
    none = f"no backup in {shelf.store.where} has its files{but}"
    if not asked:
        return f"{none}: they go for good"
    way_out = f"where nobody needs them: ./slipway volume destroy {id_} --without-backup"
    message = f"volume {id_}: {none}, and they would go for good; {way_out} --system {name} {there.options}"
    raise OperationError(message, ExitCode.REFUSED)


def _system(there: Surroundings, name: str | None) -> tuple[str, FlySystem]:
    holders = with_volumes(there, name)
    if len(holders) != 1:
        known = ", ".join(holders) or "none, as it has no volume"
        raise OperationError(f"say which system: --system with one of {known}", ExitCode.USAGE)
    return next(iter(holders.items()))


def _line(there: Surroundings, name: str, wanted: VolumeOf, size_gb: int) -> str:
    """Which line says the size, and what it should say."""
    where = ".".join(map(str, wanted.size_path))
    if where == "app.volume.size_gb":
        app = {"volume": {"size_gb": size_gb}}
        if lines := lines_to_change(there.root, there.stack.name, name, app):
            return lines[0]
    return f"{where} of {name} is {wanted.size_gb}; write {size_gb}"


def _volumes(there: Surroundings, system: FlySystem) -> list[tuple[str, Volume]]:
    """The volumes of a system, each with its app. Raises OperationError."""

    async def of_all(facts: Facts) -> list[tuple[str, Volume]]:
        apps = fly_apps(system, there.stack.environment).values()
        return [(app, volume) for app in apps for volume in await volumes_of(facts, app)]

    return _asked(there, of_all)


def _extended(there: Surroundings, app: str, id_: str, size_gb: int) -> None:
    _asked(there, lambda facts: facts.do(extend_volume(app, id_, size_gb), ("volumes", app)))


def _asked(there: Surroundings, what: Callable[[Facts], Coroutine[Any, Any, Answer]]) -> Answer:
    """What Fly.io answers. Raises OperationError where it refuses."""

    async def ask() -> Answer:
        with there.fly() as facts:
            return await what(facts)

    try:
        return asyncio.run(ask())
    except FlyError as error:
        raise OperationError(str(error), ExitCode.ENGINE) from error
