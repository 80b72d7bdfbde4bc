"""What a backup keeps of a system on Fly.io."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from fly.commands.releases import show_config
from fly.ensure.counts import counted
from fly.errors import NotFound
from fly.facts import Facts
from fly.models.volume import Volume
from ops.backup import scratch
from ops.backup.files import archive_inside, sums_inside, written_sums
from ops.backup.manifest import KeptApp, KeptVolume
from ops.backup.places import data_volumes, volumes_of
from ops.deployment.release import fly_apps
from settings.fly_system import FlySystem
from settings.volume import Volume as VolumeSettings

_MEGABYTE: Final = 1024 * 1024
_GROUP: Final = "app"


@dataclass
class Found:
    """What goes into a backup, object by object."""

    apps: dict[str, KeptApp] = field(default_factory=dict)
    volumes: list[KeptVolume] = field(default_factory=list)
    objects: dict[str, bytes] = field(default_factory=dict)


async def keep_apps(facts: Facts, system: FlySystem, environment: str) -> Found:
    """Configuration, image, counts and names of secrets of every app that is deployed."""
    found = Found()
    for app in fly_apps(system, environment).values():
        try:
            machines = [machine for machine in await facts.machines(app) if machine.serves]
        except NotFound:
            continue
        if not machines:
            continue
        configuration = f"{app}.fly.json"
        found.objects[configuration] = (await facts.ask(show_config(app))).stdout.encode()
        found.apps[app] = KeptApp(
            image=machines[0].image_ref.pinned(),
            release=max((release.version for release in await facts.releases(app)), default=0),
            machines=dict(counted(machines, _GROUP)),
            secrets=sorted(await facts.secrets(app)),
            configuration=configuration,
        )
    return found


async def reader_image(facts: Facts, app: str) -> str:
    """The image of the app's own machines, whose programs can read its volume."""
    return next(machine for machine in await facts.machines(app) if machine.serves).image_ref.named()


async def used_volumes(facts: Facts, system: FlySystem, environment: str) -> list[tuple[str, VolumeSettings, Volume]]:
    """The volumes with data that machines have, with their app and settings."""
    used = []
    for app, settings in data_volumes(system, environment).items():
        used += [
            (app, settings, volume)
            for volume in await volumes_of(facts, app)
            if volume.name == settings.name and volume.attached_machine_id
        ]
    return used


async def keep_volume(
    facts: Facts, app: str, settings: VolumeSettings, volume: Volume, *, image: str, files_mb: int, into: Found
) -> KeptVolume:
    """Snapshot a volume, and read from the snapshot, not from under the app, which files it has."""
    taken = await scratch.snapshot(facts, app, volume.id)
    async with (
        scratch.scratch_volume(facts, app, like=volume, size_gb=volume.size_gb, source=taken.id) as copy,
        scratch.holding(facts, app, copy, image=image, path=settings.path) as machine,
    ):
        sums = await sums_inside(facts, app, machine, settings.path)
        packed = await archive_inside(facts, app, machine, settings.path, files_mb * _MEGABYTE) if files_mb else None
    named, archived = f"{volume.id}.sha256", f"{volume.id}.tar.gz"
    into.objects[named] = written_sums(sums)
    if packed is not None:
        into.objects[archived] = packed
    kept = KeptVolume(
        app=app,
        id=volume.id,
        name=volume.name,
        region=volume.region,
        path=settings.path,
        size_gb=volume.size_gb,
        image=image,
        snapshot=taken.id,
        sums=named,
        archive=archived if packed is not None else None,
    )
    into.volumes.append(kept)
    return kept
