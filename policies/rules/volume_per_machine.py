"""A volume for each machine."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from inventory.fly_app import FlyApp
from inventory.unknown import UNKNOWN, known
from policies.circumstances import Circumstances
from policies.rule import Rule
from policies.sample import Samples, sample
from policies.samples.fly import fly_app, fly_volume, mount


def broken(app: FlyApp, stack: Circumstances) -> Iterator[str]:
    for name in (known(entry.volume) for entry in known(app.mounts)):
        for region, machines in known(app.counts).items():
            wanted = known(app.app), name, region
            volumes = sum(
                known(volume.count)
                for volume in stack.inventory.fly_volumes
                if (known(volume.app), known(volume.volume), known(volume.region)) == wanted
            )
            if volumes < known(machines):
                yield f"its {machines} machines in {region} mount the volume {name}, and there are {volumes}"


MOUNTED: Final = {"mounts": [mount()]}

RULE = Rule(
    name="volume-per-machine",
    about=FlyApp,
    title="There are as many volumes in a region as machines that mount them.",
    why="A volume is mounted by one machine. A machine without one does not start, and its release fails half-way.",
    source="fly.io docs, volumes/overview, read 2026-08",
    remedy="raise the count of the volume, or lower that of the machines",
    production="mandatory",
    elsewhere="mandatory",
    broken=broken,
    samples=lambda: Samples(
        passes=(
            sample(fly_app(MOUNTED), fly_volume()),
            sample(fly_app(MOUNTED, counts={"fra": 1, "ams": 0}), fly_volume(count=1)),
            sample(fly_app(counts={"fra": 3}), fly_volume()),
        ),
        fails=(
            sample(fly_app(MOUNTED, counts={"fra": 3}), fly_volume()),
            sample(fly_app(MOUNTED, counts={"fra": 1}), fly_volume(count=0)),
            sample(fly_app(MOUNTED, counts={"fra": 1, "ams": 1}), fly_volume()),
            sample(fly_app(MOUNTED), fly_volume(app="other")),
            sample(fly_app(MOUNTED), fly_volume(name="logs")),
        ),
        unknown=(
            sample(fly_app(MOUNTED, counts={"fra": UNKNOWN}), fly_volume()),
            sample(fly_app(MOUNTED), fly_volume(count=UNKNOWN)),
            sample(fly_app(MOUNTED), fly_volume(name=UNKNOWN)),
            sample(fly_app(MOUNTED), fly_volume(region=UNKNOWN)),
        ),
    ),
)
