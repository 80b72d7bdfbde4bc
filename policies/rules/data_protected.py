"""What holds data cannot be deleted by accident."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.cluster import Cluster
from inventory.fly_app import FlyApp
from inventory.fly_volume import FlyVolume
from inventory.item import Item
from inventory.unknown import UNKNOWN, known
from inventory.zone import Zone
from policies.circumstances import Circumstances
from policies.rule import Rule
from policies.sample import Samples, sample
from policies.samples.cloudflare import zone
from policies.samples.digitalocean import postgres, valkey
from policies.samples.fly import fly_app, fly_volume, mount


def broken(item: Item, stack: Circumstances) -> Iterator[str]:
    if not item.protected and _holds_data(item):
        yield "it holds data, and nothing keeps Pulumi from deleting it"


def _holds_data(item: Item) -> bool:
    match item:
        case FlyVolume() | Cluster():
            return True
        case FlyApp():
            return bool(known(item.mounts))
        case Zone():
            return item.created
        case _:
            return False


RULE = Rule(
    name="data-protected",
    about=Item,
    title="Volumes, clusters, apps with volumes and zones that the stack creates are protected in Pulumi.",
    why="Deleting one of them deletes what it holds: an app takes its volumes along, a zone its records.",
    source="Pulumi docs, resource option protect, read 2026-08",
    remedy="leave the resource option protect on; take it away by hand when it is really to go",
    production="mandatory",
    elsewhere="advisory",
    broken=broken,
    samples=lambda: Samples(
        passes=(
            sample(fly_volume(), postgres(), valkey(), zone(created=True), fly_app({"mounts": [mount()]})),
            sample(fly_app(protect=False), zone()),
        ),
        fails=(
            sample(fly_volume(protect=False)),
            sample(postgres(protect=False)),
            sample(valkey(protect=False)),
            sample(zone(created=True, protect=False)),
            sample(fly_app({"mounts": [mount()]}, protect=False)),
        ),
        unknown=(sample(fly_app({"mounts": UNKNOWN}, protect=False)),),
    ),
)
