"""Environment variables and what Node makes of them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from fly.config import FlyConfig
from fly.errors import Problem
from fly.validation.places import memory_mb

HEAP_SHARE = 0.75
_HEAP = re.compile(r"--max-old-space-size[= ](\d+)")


def env_problems(path: str, env: Mapping[str, str], secrets: frozenset[str]) -> list[Problem]:
    """Names that the platform sets itself, and names that are a secret too."""
    problems = []
    for name in sorted(env):
        if name.startswith("FLY_"):
            rule = "names that begin with FLY_ belong to the platform"
            problems.append(Problem(f"{path}.{name}", env[name], rule, "choose another name"))
        if name in secrets:
            rule = "is set as a secret too, and the secret wins"
            problems.append(Problem(f"{path}.{name}", name, rule, "keep it in one place"))
    return problems


def node_problems(path: str, config: FlyConfig) -> list[Problem]:
    """A heap too large for the machine, and options that Node refuses to take from NODE_OPTIONS."""
    options = (config.env or {}).get("NODE_OPTIONS", "")
    problems = []
    if "--optimize-for-size" in options or "--optimize_for_size" in options:
        rule = "Node 20 ends with exit code 9 when NODE_OPTIONS holds --optimize-for-size"
        way_out = "put it on the command line: node --optimize-for-size server.js"
        problems.append(Problem(f"{path}.NODE_OPTIONS", options, rule, way_out))
    heap = _HEAP.search(options)
    if heap:
        smallest = min(memory_mb(config.vm, group) for group in config.groups())
        if int(heap.group(1)) > HEAP_SHARE * smallest:
            rule = f"the heap may take at most 75 % of the machine's {smallest} MB"
            way_out = f"write --max-old-space-size={int(smallest * HEAP_SHARE)} or give the machine more memory"
            problems.append(Problem(f"{path}.NODE_OPTIONS", options, rule, way_out))
    return problems
