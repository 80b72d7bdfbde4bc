"""Volumes: every rule, refused just beyond its bound and kept at it."""

from __future__ import annotations

import pytest

from tests.settings.samples import FLY_WITH_VOLUME, refusals

KEPT = (
    "{}",
    "app: {volume: {size_gb: 500}}",
    "app: {volume: {extend: {above_percent: 99, increment_gb: 100, limit_gb: 5}}}",
    "app: {volume: {folders: {/other: inside}}}",
    "app: {volume: {snapshot_days: 60}}",
    "app: {volume: {region: sjc, count: 1}}",
    "app: {volume: {count: 2}}",
)
REFUSED = (
    (
        "app: {volume: {region: iad}}",
        [
            "app.volume.region: the volume lies in iad, and the machines that mount it run in sjc; "
            "set it to sjc, or leave it out",
        ],
    ),
    (
        "app: {volume: {count: 1, holds: logs}, machines: {maximum: 2}}",
        [
            "app.volume.count: 1 volumes are too few for 2 machines, each of which mounts one; "
            "set it to 2 or more, or machines.maximum to 1",
        ],
    ),
    (
        "app: {volume: {size_gb: 501}}",
        [
            "app.volume.size_gb: 501 is more than 500; choose 1 to 500",
        ],
    ),
    (
        "app: {volume: {name: my-data}}",
        [
            'app.volume.name: "my-data" is not a name of at most 30 lower-case letters, digits and underscores; '
            'write it as in "app_data"',
        ],
    ),
    (
        "app: {volume: {path: data}}",
        [
            'app.volume.path: "data" is not an absolute path of folders; write it as in "/data"',
        ],
    ),
    (
        "app: {volume: {path: /data/}}",
        [
            'app.volume.path: "/data/" is not an absolute path of folders; write it as in "/data"',
        ],
    ),
    (
        "app: {volume: {extend: {above_percent: 49, increment_gb: 101, limit_gb: 501}}}",
        [
            "app.volume.extend.above_percent: 49 is less than 50; choose 50 to 99",
            "app.volume.extend.increment_gb: 101 is more than 100; choose 1 to 100",
            "app.volume.extend.limit_gb: 501 is more than 500; choose 1 to 500",
        ],
    ),
    (
        "app: {volume: {extend: {above_percent: 50, increment_gb: 1, limit_gb: 4}}}",
        [
            "app.volume.extend.limit_gb: 4 GB is less than the 5 GB that it has from the start; set it to 5 or more",
        ],
    ),
    (
        "app: {volume: {folders: {/data/x: inside}}}",
        [
            "app.volume.folders./data/x: /data/x lies on the volume already; name the path that the app uses "
            "outside it",
        ],
    ),
    (
        "app: {volume: {folders: {/other: A B}}}",
        [
            'app.volume.folders./other: "A B" is not a name of lower-case letters, digits, hyphens and '
            'underscores; write it as in "uploads"',
        ],
    ),
    (
        "app: {volume: {snapshot_days: 61}}",
        [
            "app.volume.snapshot_days: 61 is more than 60; choose 1 to 60",
        ],
    ),
)


@pytest.mark.parametrize("changes", KEPT)
def test_a_value_at_its_bound_is_kept(changes: str) -> None:
    assert refusals(FLY_WITH_VOLUME, changes) == []


@pytest.mark.parametrize(("changes", "problems"), REFUSED, ids=[changes for changes, _ in REFUSED])
def test_a_value_beyond_its_bound_is_refused_with_the_rule_and_the_way_out(changes: str, problems: list[str]) -> None:
    assert refusals(FLY_WITH_VOLUME, changes) == problems
