"""What the settings may not do to the volumes that a stack has already."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from settings.document import Document
from settings.fly_system import FlySystem
from settings.problem import Path, Problem
from settings.validate import Validation
from settings.volume_before import VolumeBefore
from settings.volume_of import VolumeOf


def check_volumes(
    verdict: Validation, document: Document, before: Mapping[str, Mapping[str, VolumeBefore]]
) -> Iterator[Problem]:
    """What would lose data. `before` has the volumes by system and part."""
    for name, parts in before.items():
        system = verdict.settings.systems.get(name) if verdict.settings else None
        volumes = system.volumes if isinstance(system, FlySystem) else {}
        for part in sorted(parts.keys() & volumes.keys()):
            for path, rule, way_out in _losses(parts[part], volumes[part]):
                whole = ("systems", name, *path)
                if verdict.untouched(whole):
                    yield Problem(document.position(whole), whole, rule, way_out)


def _losses(before: VolumeBefore, now: VolumeOf) -> Iterator[tuple[Path, str, str]]:
    if now.size_gb < before.size_gb:
        rule = f"{now.size_gb} GB is less than the {before.size_gb} GB that the volume has, and a volume never shrinks"
        yield now.size_path, rule, f"set it to {before.size_gb} or more"
    if now.region != before.region:
        rule = f"the volume lies in {before.region}, and its data does not move to {now.region} with it"
        yield now.region_path, rule, f"set it to {before.region}, or copy the data to another system first"
    if now.count < before.count:
        rule = f"{now.count} volumes are fewer than the {before.count} that there are, and none is removed by itself"
        yield now.count_path, rule, f"set app.volume.count to {before.count}: those that no machine mounts are spare"
