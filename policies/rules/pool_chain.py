"""Pools that fit into each other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from itertools import pairwise
from typing import Final

from inventory.cluster import Cluster
from inventory.fly_app import FlyApp
from inventory.item import Item
from inventory.unknown import UNKNOWN, known
from policies.circumstances import Circumstances
from policies.rule import Rule
from policies.sample import Samples, sample
from policies.samples.digitalocean import postgres
from policies.samples.fly import fly_app, fly_part, written
from settings.database import CONNECTIONS_PER_GB, RESERVED_CONNECTIONS, memory_gb

CONFIG: Final = "/etc/pgbouncer/pgbouncer.ini"
CHAIN: Final = ("min_pool_size", "default_pool_size", "max_client_conn")


def broken(item: Item, stack: Circumstances) -> Iterator[str]:
    if isinstance(item, FlyApp) and item.role == "pgbouncer":
        text = known(known(item.files).get(CONFIG)) or ""
        found = {name: int(number) for name, number in re.findall(r"^(\w+) *= *(\d+)$", text, re.MULTILINE)}
        for less, more in pairwise(CHAIN):
            if less in found and more in found and found[less] > found[more]:
                yield f"{less} is {found[less]}, more than {more}, which is {found[more]}"
    if isinstance(item, Cluster) and item.pools:
        wanted = sum(known(pool.size) for pool in item.pools)
        if wanted > (limit := CONNECTIONS_PER_GB * memory_gb(known(item.size)) - RESERVED_CONNECTIONS):
            yield f"its pools may hold {wanted} connections, more than the {limit} of {item.size}"


ini = partial(written, CONFIG)

RULE = Rule(
    name="pool-chain",
    about=Item,
    title="Each pool fits into what it draws from.",
    why="A pool larger than what stands behind it hands out connections that nobody has: requests wait, then fail.",
    source="pgbouncer.org, config; DigitalOcean docs, databases/postgresql/details/limits; read 2026-08",
    remedy="lower the pool, or raise what it draws from (pgbouncer, database.size)",
    production="mandatory",
    elsewhere="mandatory",
    broken=broken,
    samples=lambda: Samples(
        passes=(
            sample(
                fly_part("PgBouncer", files=ini("min_pool_size = 20\ndefault_pool_size = 20\nmax_client_conn = 20"))
            ),
            sample(fly_part("PgBouncer", files=ini("default_pool_size = 20"))),
            sample(fly_app()),
            sample(postgres(pool={"size": 47})),
        ),
        fails=(
            sample(
                fly_part("PgBouncer", files=ini("min_pool_size = 21\ndefault_pool_size = 20\nmax_client_conn = 100"))
            ),
            sample(fly_part("PgBouncer", files=ini("min_pool_size = 5\ndefault_pool_size = 21\nmax_client_conn = 20"))),
            sample(postgres(pool={"size": 48})),
        ),
        unknown=(
            sample(fly_part("PgBouncer", files=ini(UNKNOWN))),
            sample(postgres(pool={"size": UNKNOWN})),
        ),
    ),
)
