"""What Redis keeps."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from typing import Final

from inventory.fly_app import FlyApp
from inventory.unknown import UNKNOWN, known
from policies.circumstances import Circumstances
from policies.rule import Rule
from policies.sample import Samples, sample
from policies.samples.fly import fly_app, fly_part, written

CONFIG: Final = "/etc/redis/redis.conf"
MOUNTED: Final = {"mounts": [{"source": "redis_data", "destination": "/data"}]}
SAVES: Final = re.compile(r"^save ", re.MULTILINE)
KEEPS: Final = re.compile(r"^(appendonly yes|save \d+ .*)$", re.MULTILINE)


def broken(app: FlyApp, stack: Circumstances) -> Iterator[str]:
    if app.role != "redis":
        return
    if not known(app.mounts):
        yield "it has no volume: a restart empties it"
    text = known(known(app.files).get(CONFIG))
    # Redis takes snapshots of its own accord unless a `save` says otherwise.
    if text is not None and SAVES.search(text) and not KEEPS.search(text):
        yield "it writes nothing to disk: neither appendonly nor save is on"


conf = partial(written, CONFIG)

RULE = Rule(
    name="redis-kept",
    about=FlyApp,
    title="Redis writes to a volume.",
    why="Every release restarts Redis. Without a file and a volume under it, each one loses what it holds.",
    source="redis.io docs, management/persistence, read 2026-08",
    remedy="turn redis.append or redis.snapshots on, and leave its volume in place",
    production="mandatory",
    elsewhere="advisory",
    broken=broken,
    samples=lambda: Samples(
        passes=(
            sample(fly_part("Redis", MOUNTED, files=conf("appendonly yes"))),
            sample(fly_part("Redis", MOUNTED, files=conf("port 6379\nsave 900 1 300 10"))),
            sample(fly_part("Redis", MOUNTED, files=conf("appendonly no"))),
            sample(fly_part("Redis", MOUNTED)),
            sample(fly_part("PgBouncer"), fly_app()),
        ),
        fails=(
            sample(fly_part("Redis", files=conf("appendonly yes"))),
            sample(fly_part("Redis", MOUNTED, files=conf('appendonly no\nsave ""'))),
        ),
        unknown=(sample(fly_part("Redis", MOUNTED, files=conf(UNKNOWN))),),
    ),
)
