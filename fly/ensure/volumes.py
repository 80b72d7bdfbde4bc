"""Volumes of one name in one region of an app are alike; each machine there takes one of them."""

from __future__ import annotations

from dataclasses import dataclass

from fly.commands.command import Command
from fly.commands.volumes import create_volume, destroy_volume, extend_volume, update_volume
from fly.ensure.outcome import LOST_ANSWERS, Outcome
from fly.errors import InvalidInput, NotFound, Problem
from fly.facts import Facts
from fly.models.volume import Volume


@dataclass(frozen=True)
class VolumeWish:
    """The volumes that shall be: `count` of them, each of `size_gb`, snapshots kept for so many days.

    Volumes that extend themselves may have any size up to `extends_to_gb`.
    """

    app: str
    name: str
    region: str
    size_gb: int
    count: int = 1
    snapshot_retention_days: int = 5
    scheduled_snapshots: bool = True
    extends_to_gb: int | None = None


async def volumes_named(facts: Facts, app: str, region: str, name: str) -> list[Volume]:
    """The volumes of that name there, in a steady order."""
    found = await facts.volumes(app)
    return sorted((v for v in found if (v.name, v.region) == (name, region)), key=lambda volume: volume.id)


async def ensure_volumes(facts: Facts, wish: VolumeWish) -> Outcome[list[Volume]]:
    """As many volumes as wished, large enough and snapshotted as wished. Never shrinks and never removes one.

    Raises InvalidInput when a volume is larger, or when there are more, than wished.
    """
    have = await volumes_named(facts, wish.app, wish.region, wish.name)
    _refuse_losses(wish, have)
    left = _changes(wish, have)
    if not left:
        return Outcome(have, changed=False, why=_as_wished(wish))
    done: list[str] = []
    while left:
        try:
            await facts.do(left[0], ("volumes", wish.app))
            rest = left[1:]
        except LOST_ANSWERS as error:
            rest = _changes(wish, await volumes_named(facts, wish.app, wish.region, wish.name))
            if len(rest) >= len(left):
                raise error from None
        done.append(" ".join(left[0].argv[:3]))
        left = rest
    return Outcome(await volumes_named(facts, wish.app, wish.region, wish.name), changed=True, why="; ".join(done))


async def ensure_volumes_gone(facts: Facts, app: str, region: str, name: str) -> Outcome[None]:
    """No volume of that name there. The data goes too; a volume in use is refused by Fly.io."""
    gone = 0
    for volume in await _left(facts, app, region, name):
        try:
            await facts.do(destroy_volume(app, volume.id), ("volumes", app))
        except NotFound as error:
            if error.subject not in ("volume", "app"):
                raise
        except LOST_ANSWERS as error:
            if any(v.id == volume.id for v in await _left(facts, app, region, name)):
                raise error from None
        gone += 1
    if not gone:
        return Outcome(None, changed=False, why=f"there is no volume {name} in {region}")
    return Outcome(None, changed=True, why=f"{gone} volumes {name} in {region} destroyed")


async def _left(facts: Facts, app: str, region: str, name: str) -> list[Volume]:
    try:
        return await volumes_named(facts, app, region, name)
    except NotFound as error:
        if error.subject != "app":
            raise
        return []


def _changes(wish: VolumeWish, have: list[Volume]) -> list[Command]:
    days, scheduled = wish.snapshot_retention_days, wish.scheduled_snapshots
    grown = [extend_volume(wish.app, v.id, wish.size_gb) for v in have if v.size_gb < wish.size_gb]
    retold = [
        update_volume(wish.app, v.id, snapshot_retention_days=days, scheduled_snapshots=scheduled)
        for v in have
        if (v.snapshot_retention, v.auto_backup_enabled) != (days, scheduled)
    ]
    made = create_volume(
        wish.app,
        wish.name,
        region=wish.region,
        size_gb=wish.size_gb,
        snapshot_retention_days=days,
        scheduled_snapshots=scheduled,
    )
    return [*grown, *retold, *[made] * (wish.count - len(have))]


def _refuse_losses(wish: VolumeWish, have: list[Volume]) -> None:
    problems = []
    larger = max((volume.size_gb for volume in have), default=0)
    if larger > max(wish.size_gb, wish.extends_to_gb or 0):
        rule = f"volume {wish.name} in {wish.region} has {larger} GB and a volume cannot shrink"
        way_out = f"write sizeGb {larger}, or move the data to a new volume of another name"
        problems.append(Problem("sizeGb", wish.size_gb, rule, way_out))
    if len(have) > wish.count:
        rule = f"there are {len(have)} volumes {wish.name} in {wish.region} and none is removed by itself"
        way_out = f"write count {len(have)}, or destroy the ones without a machine: flyctl volumes destroy ID"
        problems.append(Problem("count", wish.count, rule, way_out))
    if problems:
        raise InvalidInput(problems)


def _as_wished(wish: VolumeWish) -> str:
    return f"{wish.count} volumes {wish.name} of {wish.size_gb} GB are in {wish.region}"
