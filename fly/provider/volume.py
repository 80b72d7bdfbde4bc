"""`fly:index:Volume`"""

from __future__ import annotations

from fly.ensure.volumes import VolumeWish, ensure_volumes, ensure_volumes_gone, volumes_named
from fly.errors import NotFound, Problem
from fly.facts import Facts
from fly.models.volume import Volume
from fly.provider.comparison import compared, frozen_problem
from fly.provider.inputs import VolumeInputs, parse
from fly.provider.resource import Difference, Found
from fly.provider.values import UNKNOWN, Properties
from fly.validation.places import region_problems


class VolumeResource:
    """The volumes of one name in one region of an app. Their id is `app/region/name`."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts

    async def check(self, olds: Properties, news: Properties) -> tuple[Properties, list[Problem]]:
        _, problems = parse(VolumeInputs, news)
        region = news.get("region")
        if isinstance(region, str):
            problems += region_problems("region", region)
        problems += _losses(olds, news)
        filled = {
            "count": 1,
            "snapshotRetentionDays": VolumeInputs.model_fields["snapshot_retention_days"].default,
            "scheduledSnapshots": True,
            **news,
        }
        return filled, problems

    def difference(self, olds: Properties, news: Properties) -> Difference:
        return compared(olds, news, replacing=("app", "name", "region"))

    def preview(self, olds: Properties | None, news: Properties) -> Properties:
        same = olds is not None and olds.get("count") == news.get("count")
        return {**news, "volumeIds": olds["volumeIds"] if olds and same else UNKNOWN}

    async def create(self, news: Properties) -> tuple[str, Properties]:
        volumes = (await ensure_volumes(self._facts, _wish(news))).value
        return f"{news['app']}/{news['region']}/{news['name']}", _outputs(news, volumes)

    async def read(self, id_: str, inputs: Properties, outputs: Properties) -> Found | None:
        app, region, name = _parts(id_)
        try:
            volumes = await volumes_named(self._facts, app, region, name)
        except NotFound as error:
            if error.subject != "app":
                raise
            return None
        if not volumes:
            return None
        now = _inputs(app, volumes, inputs)
        return Found(id_, now, _outputs(now, volumes))

    async def update(self, id_: str, olds: Properties, news: Properties) -> Properties:
        return (await self.create(news))[1]

    async def delete(self, id_: str, olds: Properties) -> None:
        await ensure_volumes_gone(self._facts, *_parts(id_))


def _parts(id_: str) -> tuple[str, str, str]:
    app, _, rest = id_.partition("/")
    region, _, name = rest.partition("/")
    return app, region, name


def _wish(inputs: Properties) -> VolumeWish:
    return VolumeWish(
        app=inputs["app"],
        name=inputs["name"],
        region=inputs["region"],
        size_gb=inputs["sizeGb"],
        count=inputs["count"],
        snapshot_retention_days=inputs["snapshotRetentionDays"],
        scheduled_snapshots=inputs["scheduledSnapshots"],
        extends_to_gb=inputs.get("extendsToGb"),
    )


def _inputs(app: str, volumes: list[Volume], before: Properties) -> Properties:
    """What the volumes are. One that extended itself within its limit still has the size that was asked for."""
    sizes = [volume.size_gb for volume in volumes]
    asked = before.get("sizeGb")
    extended = isinstance(asked, int) and asked <= min(sizes) and max(sizes) <= before.get("extendsToGb", 0)
    now: Properties = {
        "app": app,
        "name": volumes[0].name,
        "region": volumes[0].region,
        "sizeGb": asked if extended else min(sizes),
        "count": _counted(volumes, before.get("count")),
        "snapshotRetentionDays": volumes[0].snapshot_retention,
        "scheduledSnapshots": volumes[0].auto_backup_enabled,
    }
    return {**now, "extendsToGb": before["extendsToGb"]} if "extendsToGb" in before else now


def _counted(volumes: list[Volume], asked: object) -> int:
    """How many there are; a volume that no machine has, as a restore leaves one behind, is none too many."""
    used = sum(volume.attached_machine_id is not None for volume in volumes)
    return asked if isinstance(asked, int) and used <= asked <= len(volumes) else len(volumes)


def _outputs(inputs: Properties, volumes: list[Volume]) -> Properties:
    return {**inputs, "volumeIds": [volume.id for volume in volumes]}


def _losses(olds: Properties, news: Properties) -> list[Problem]:
    moved = "a volume keeps its data on one host and is never replaced by itself"
    way_out = "declare a second volume beside it, copy the data, then remove this one"
    problems = []
    for key in ("app", "name", "region"):
        problems += frozen_problem(key, olds.get(key), news.get(key), moved, way_out)
    for key, what in (("sizeGb", "a volume cannot shrink"), ("count", "a volume is never removed by itself")):
        old, new = olds.get(key), news.get(key)
        if isinstance(old, int) and isinstance(new, int) and new < old:
            undo = "move the data first" if key == "sizeGb" else "destroy one with flyctl volumes destroy and refresh"
            problems.append(Problem(key, new, f"{what}, there are {old}", f"write {old}, or {undo}"))
    return problems
