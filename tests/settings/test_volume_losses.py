"""Volumes that a stack has already: nothing in the settings may lose what is on them."""

from __future__ import annotations

import pytest

from settings.volume_before import VolumeBefore
from tests.settings.samples import FLY_WITH_VOLUME, Project

REDIS = {"redis": {"memory_mb": 1024, "volume_gb": 10}}
STACK = "config:\n  slipway:environment: production\n  slipway:systems: {sample: {%s}}\n"
APP = VolumeBefore("sjc", 5, 1)


def refused(project: Project, before: dict[str, VolumeBefore], changes: str = "") -> list[str]:
    project.system("sample", {**FLY_WITH_VOLUME, **REDIS})
    project.stack(STACK % changes)
    return [problem.partition(": ")[2] for problem in project.problems(volumes={"sample": before})]


@pytest.mark.parametrize(
    "before",
    [
        {},
        {"app": APP, "redis": VolumeBefore("sjc", 10, 1)},
        {"app": VolumeBefore("sjc", 1, 1)},
        {"gone": VolumeBefore("iad", 500, 9)},
    ],
)
def test_a_volume_may_stay_and_grow(project: Project, before: dict[str, VolumeBefore]) -> None:
    assert refused(project, before) == []


def test_a_volume_that_would_shrink_is_refused_with_the_size_that_it_has(project: Project) -> None:
    assert refused(project, {"app": VolumeBefore("sjc", 6, 1), "redis": VolumeBefore("sjc", 11, 1)}) == [
        "systems.sample.app.volume.size_gb: 5 GB is less than the 6 GB that the volume has, and a volume never "
        "shrinks; set it to 6 or more",
        "systems.sample.redis.volume_gb: 10 GB is less than the 11 GB that the volume has, and a volume never "
        "shrinks; set it to 11 or more",
    ]


def test_a_volume_that_would_move_is_refused(project: Project) -> None:
    assert refused(project, {"app": VolumeBefore("iad", 5, 1)}) == [
        "systems.sample.app.region: the volume lies in iad, and its data does not move to sjc with it; "
        "set it to iad, or copy the data to another system first",
    ]


def test_a_volume_that_would_be_one_too_many_is_refused(project: Project) -> None:
    assert refused(project, {"app": VolumeBefore("sjc", 5, 2)}) == [
        "systems.sample.app.machines.maximum: 1 volumes are fewer than the 2 that there are, and none is removed by "
        "itself; set app.volume.count to 2: those that no machine mounts are spare",
    ]
    assert refused(project, {"app": VolumeBefore("sjc", 5, 2)}, "app: {volume: {count: 2}}") == []


def test_it_is_said_together_with_everything_else(project: Project) -> None:
    changes = "redis: {memory_mb: 512, maxmemory_mb: 400}, app: {volume: {region: iad}}"
    found = refused(project, {"app": VolumeBefore("sjc", 6, 1)}, changes)
    assert sorted(problem.partition(":")[0] for problem in found) == [
        "systems.sample.app.volume.region",
        "systems.sample.app.volume.region",
        "systems.sample.app.volume.size_gb",
        "systems.sample.redis.maxmemory_mb",
    ]
