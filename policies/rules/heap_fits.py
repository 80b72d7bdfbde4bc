"""A heap that fits its machine."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from inventory.fly_app import FlyApp
from inventory.unknown import UNKNOWN, known
from policies.circumstances import Circumstances
from policies.rule import Rule
from policies.sample import Samples, sample
from policies.samples.fly import fly_app

HEAP: Final = re.compile(r".*--max[-_]old[-_]space[-_]size=(\d+)")
"""Node takes hyphens and underscores, and of several sizes the last."""
MOST: Final = 0.75
"""The rest is for buffers, code and the system."""


def broken(app: FlyApp, stack: Circumstances) -> Iterator[str]:
    found = HEAP.match(app.variable("NODE_OPTIONS") or "")
    if found and (heap := int(found[1])) > MOST * (memory := known(app.memory_mb)):
        yield f"Node's heap of {heap} MB is more than three quarters of the {memory} MB of a machine"


RULE = Rule(
    name="heap-fits",
    about=FlyApp,
    title="Node's heap takes three quarters of a machine's memory at the most.",
    why="A heap as large as the machine is never collected in time: the kernel kills the process before.",
    source="nodejs.org docs, cli (--max-old-space-size), read 2026-08",
    remedy="lower app.node_heap_mb, or raise app.machines.memory_mb",
    production="mandatory",
    elsewhere="mandatory",
    broken=broken,
    samples=lambda: Samples(
        passes=(
            sample(fly_app({"env": {"NODE_OPTIONS": "--max-old-space-size=384"}})),
            sample(fly_app({"env": {"NODE_OPTIONS": "--enable-source-maps"}})),
            sample(fly_app({"env": {"NODE_OPTIONS": "--max-old-space-size=512 --max-old-space-size=384"}})),
        ),
        fails=(
            sample(fly_app({"env": {"NODE_OPTIONS": "--enable-source-maps --max-old-space-size=385"}})),
            sample(fly_app({"env": {"NODE_OPTIONS": "--max_old_space_size=385"}})),
        ),
        unknown=(
            sample(fly_app({"env": {"NODE_OPTIONS": UNKNOWN}})),
            sample(fly_app({"env": {"NODE_OPTIONS": "--max-old-space-size=384"}, "vm": UNKNOWN})),
        ),
    ),
)
