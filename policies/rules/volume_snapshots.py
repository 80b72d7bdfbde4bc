"""Snapshots of volumes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from inventory.fly_volume import FlyVolume
from inventory.unknown import UNKNOWN, known
from policies.circumstances import Circumstances
from policies.rule import Rule
from policies.sample import Samples, sample
from policies.samples.fly import fly_volume

LEAST_DAYS: Final = 5
"""Fly.io's own default: a mistake of a Friday can still be undone on Tuesday."""


def broken(volume: FlyVolume, stack: Circumstances) -> Iterator[str]:
    if not known(volume.scheduled_snapshots):
        yield "no snapshots are made"
    elif (days := known(volume.snapshot_days)) < LEAST_DAYS:
        yield f"snapshots are kept for {days} days, fewer than {LEAST_DAYS}"


RULE = Rule(
    name="volume-snapshots",
    about=FlyVolume,
    title="Fly.io makes daily snapshots of every volume and keeps them for five days or more.",
    why="A volume lies on one host, without a copy. A snapshot is all that is left when that host is lost.",
    source="fly.io docs, volumes/snapshots, read 2026-08",
    remedy="set snapshot_days to 5 or more and leave scheduled snapshots on",
    production="mandatory",
    elsewhere="advisory",
    broken=broken,
    samples=lambda: Samples(
        passes=(sample(fly_volume(snapshotRetentionDays=5)),),
        fails=(
            sample(fly_volume(snapshotRetentionDays=4)),
            sample(fly_volume(scheduledSnapshots=False)),
        ),
        unknown=(sample(fly_volume(snapshotRetentionDays=UNKNOWN)),),
    ),
)
