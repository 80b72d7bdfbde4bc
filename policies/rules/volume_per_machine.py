"""A volume for each machine."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.fly_volume import FlyVolume
from inventory.unknown import UNKNOWN, known
from policies.circumstances import Circumstances
from policies.rule import Rule
from policies.sample import Samples, sample
from policies.samples.fly import fly_app, fly_volume


def broken(volume: FlyVolume, stack: Circumstances) -> Iterator[str]:
    for app in stack.inventory.fly_apps:
        counts, region = known(app.counts), known(volume.region)
        if known(app.app) != known(volume.app) or region not in counts:
            continue
        if (count := known(volume.count)) < (machines := known(counts[region])):
            yield f"{count} of them cannot serve the {machines} machines in {region}"


RULE = Rule(
    name="volume-per-machine",
    about=FlyVolume,
    title="There are as many volumes in a region as machines that mount them.",
    why="A volume is mounted by one machine. A machine without one does not start, and its release fails half-way.",
    source="fly.io docs, volumes/overview, read 2026-08",
    remedy="raise the count of the volume, or lower that of the machines",
    production="mandatory",
    elsewhere="mandatory",
    broken=broken,
    samples=lambda: Samples(
        passes=(
            sample(fly_app(), fly_volume()),
            sample(fly_app(counts={"fra": 1, "ams": 5}), fly_volume(count=1)),
            sample(fly_app(counts={"ams": 1}), fly_volume(count=0)),
            sample(fly_app(counts={"fra": 3}), fly_volume(app="other")),
        ),
        fails=(
            sample(fly_app(counts={"fra": 3}), fly_volume()),
            sample(fly_app(counts={"fra": 1}), fly_volume(count=0)),
        ),
        unknown=(sample(fly_app(counts={"fra": UNKNOWN}), fly_volume()),),
    ),
)
