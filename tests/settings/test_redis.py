"""Redis and Valkey: every rule, refused just beyond its bound and kept at it."""

from __future__ import annotations

import pytest

from settings.redis import Redis
from tests.settings.samples import DIGITALOCEAN, FLY, refusals

DOCUMENT = "redis: {memory_mb: 1024, maxmemory_mb: 768, volume_gb: 10"
VALKEY = "redis: {region: fra1, size: db-s-1vcpu-2gb"

KEPT = (
    DOCUMENT + "}",
    DOCUMENT + ", swap_mb: 576}",
    DOCUMENT + ", append: off}",
    DOCUMENT + ", snapshots: []}",
    DOCUMENT + ", extend: {above_percent: 80, increment_gb: 5, limit_gb: 10}}",
    "redis: {memory_mb: 1024, maxmemory_mb: 768, volume_gb: 4}",
    "redis: {memory_mb: 256, volume_gb: 1}",
    "redis: {memory_mb: 8192, size: shared-cpu-4x, maxmemory_mb: 5600, volume_gb: 28}",
)
REFUSED = (
    (
        "redis: {memory_mb: 1024, maxmemory_mb: 769, volume_gb: 10}",
        [
            "redis.maxmemory_mb: 769 MB is more than 75 % of the machine's 1024 MB; "
            "set it to 768 or less, or memory_mb to 1280",
        ],
    ),
    (
        DOCUMENT + ", swap_mb: 575}",
        [
            "redis.swap_mb: a fork of 768 MB of data can need 576 MB beyond the machine's 1024 MB; "
            "set it to 576 or more, or leave it out",
        ],
    ),
    (
        "redis: {memory_mb: 1024, maxmemory_mb: 768, volume_gb: 3}",
        [
            "redis.volume_gb: 3 GB do not hold 768 MB of data 5 times, which writing the files anew can take; "
            "set it to 4 or more",
        ],
    ),
    (
        "redis: {memory_mb: 8192, size: shared-cpu-4x, maxmemory_mb: 5601, volume_gb: 29}",
        [
            "redis.maxmemory_mb: 5601 MB of data may not be on the disk within the 300s that Fly.io waits for a stop; "
            "set it to 5600 or less",
        ],
    ),
    (
        "redis: {memory_mb: 2304, volume_gb: 10}",
        [
            "redis.memory_mb: 2304 MB is outside the 256 to 2048 MB of shared-cpu-1x; "
            "choose memory in that range, or another size",
        ],
    ),
    (
        DOCUMENT + ", extend: {above_percent: 80, increment_gb: 5, limit_gb: 9}}",
        [
            "redis.extend.limit_gb: 9 GB is less than the 10 GB that it has from the start; set it to 10 or more",
        ],
    ),
    (
        DOCUMENT + ", extend: {above_percent: 80}}",
        [
            "redis.extend.increment_gb: increment_gb is required; add it, such as increment_gb: 1",
            "redis.extend.limit_gb: limit_gb is required; add it, such as limit_gb: 20",
        ],
    ),
    (
        DOCUMENT + ", append: off, snapshots: []}",
        [
            "redis.append: nothing is written to the volume: there are no snapshots either; "
            "set append: everysec, or name snapshots",
        ],
    ),
    (
        DOCUMENT + "}\napp: {secrets: {REDIS_URL: {}}, variables: {REDIS_HOST: here}}",
        [
            "app.secrets.REDIS_URL: REDIS_URL is given to the app by redis; remove it here",
            "app.variables.REDIS_HOST: REDIS_HOST is given to the app by redis; remove it here",
        ],
    ),
)
VALKEY_REFUSED = (
    (
        VALKEY + ", engine: redis}",
        [
            "redis.engine: DigitalOcean discontinued Redis on 2025-06-30; "
            "set engine: valkey, which speaks its protocol",
        ],
    ),
    (
        VALKEY + ", persistence: aof}",
        [
            "redis.persistence: Valkey on DigitalOcean has no append-only file; set persistence: rdb, a snapshot about "
            "every 10 minutes, or run the system with platform: fly",
        ],
    ),
    (
        VALKEY + ", maxmemory_mb: 768}",
        [
            "redis.maxmemory_mb: maxmemory_mb cannot be set on this platform; "
            "DigitalOcean sets it from the cluster's size: choose size",
        ],
    ),
    (
        VALKEY + ", append: everysec}",
        [
            "redis.append: append cannot be set on this platform; "
            "Valkey on DigitalOcean has no append-only file: set persistence: rdb",
        ],
    ),
    (
        "redis: {region: nyc1, size: db-s-1vcpu-2gb}",
        [
            "redis.region: nyc1 is not in the app's region fra, so no private network joins them; "
            "choose a data centre in fra",
        ],
    ),
    (
        "redis: {region: fra1, size: db-s-1vcpu-1gb, nodes: 2}",
        [
            "redis.nodes: 2 nodes need 2 GB of memory each, db-s-1vcpu-1gb has 1; "
            "set it to 1, or size to db-s-1vcpu-2gb",
        ],
    ),
    (
        "redis: {region: fra1, size: db-s-1vcpu-2gb, nodes: 3}",
        [
            "redis.nodes: 3 is more than 2; choose 1 to 2",
        ],
    ),
)


@pytest.mark.parametrize("changes", KEPT)
def test_a_redis_within_the_bounds_is_kept(changes: str) -> None:
    assert refusals(FLY, changes) == []


@pytest.mark.parametrize(("changes", "problems"), REFUSED)
def test_a_redis_that_cannot_work_is_refused_with_what_would(changes: str, problems: list[str]) -> None:
    assert refusals(FLY, changes) == problems


@pytest.mark.parametrize("changes", [VALKEY + "}", VALKEY + ", nodes: 2}", VALKEY + ", persistence: off}"])
def test_a_valkey_within_the_bounds_is_kept(changes: str) -> None:
    assert refusals(DIGITALOCEAN, changes) == []


@pytest.mark.parametrize(("changes", "problems"), VALKEY_REFUSED)
def test_what_valkey_cannot_do_is_refused_with_the_alternative(changes: str, problems: list[str]) -> None:
    assert refusals(DIGITALOCEAN, changes) == problems


@pytest.mark.parametrize(
    ("memory", "maxmemory", "limit", "swap"),
    [(1024, 768, 768, 576), (1024, None, 480, None), (2048, 768, 768, None), (256, None, 96, None)],
)
def test_what_a_fork_needs_is_computed_from_the_sizes(
    memory: int, maxmemory: int | None, limit: int, swap: int | None
) -> None:
    redis = Redis(memory_mb=memory, maxmemory_mb=maxmemory, volume_gb=10)
    assert (redis.limit_mb, redis.swap) == (limit, swap)


@pytest.mark.parametrize(("maxmemory", "seconds"), [(96, 60), (800, 60), (801, 61), (5600, 300)])
def test_the_time_for_a_stop_follows_the_data(maxmemory: int, seconds: int) -> None:
    assert Redis(memory_mb=8192, maxmemory_mb=maxmemory, volume_gb=30).stop.total_seconds() == seconds
